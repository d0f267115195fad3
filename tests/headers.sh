#!/usr/bin/env bash
# Fails when a source uses a name of the standard library without its header: with another compiler or a newer library the header that
# brought it along by luck does so no more. A header of this repository that the source includes may bring it. Fails too when a source
# includes a header that is a dependency's own business (impl, detail): the next version has it under another name.
#   tests/headers.sh [ROOT]
set -euo pipefail
root=${1:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}

# header: the names in it, as a regular expression; those in use here, not all there are
names='algorithm: (sort|stable_sort|min|max|minmax|clamp|copy|copy_n|copy_if|fill|fill_n|find|find_if|find_if_not|any_of|all_of|none_of|transform|equal|count_if|reverse|lower_bound|upper_bound|min_element|max_element|minmax_element|unique|remove_if|remove|rotate|generate|for_each|mismatch|replace|shuffle|nth_element|binary_search|is_sorted)[(]
algorithm: ranges::[a-z_]+[(]
array: array[<{ ]
atomic: atomic(<|_[a-z]+)
bit: (bit_cast|bit_ceil|bit_floor|bit_width|popcount|countl_zero|countr_zero|endian)
charconv: (from_chars|to_chars)[(]
chrono: chrono::
cmath: (sqrt|exp|log|log2|log10|pow|floor|ceil|round|lround|llround|lrint|isnan|isinf|isfinite|signbit|fma|fmax|fmin|tanh|sin|cos|tan|atan2|hypot|copysign|nextafter|trunc|ldexp|frexp|fmod|fabs)[(]
condition_variable: condition_variable
cstdint: u?int(8|16|32|64|ptr)_t
cstdio: (printf|fprintf|snprintf|puts|fputs|fputc|putchar|fopen|fclose|fwrite|fread|fflush|fgets|perror|FILE)[^a-z_]
cstdlib: (getenv|exit|abort|strtol|strtod|strtoull|strtoll|system|quick_exit|_Exit|aligned_alloc|free|malloc)[(]
cstring: (memcpy|memcmp|memset|memmove|memchr|strlen|strcmp|strncmp|strerror|strstr|strchr|strrchr)[(]
deque: deque<
exception: (exception_ptr|current_exception|rethrow_exception|uncaught_exceptions|make_exception_ptr)
filesystem: filesystem
fstream: (i|o)?fstream[^a-z_]
functional: (function<|reference_wrapper|invoke[(]|plus<|less<|greater<|hash<|bind_front)
future: (future<|promise<|async[(])
initializer_list: initializer_list<
iostream: (cout|cerr|cin|clog)[^a-z_]
iterator: (back_inserter|inserter|istreambuf_iterator|ostreambuf_iterator|ostream_iterator)
limits: numeric_limits
list: list<
map: (multi)?map<
memory: (unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared|addressof|default_delete|enable_shared_from_this)
mutex: (mutex|lock_guard|unique_lock|scoped_lock|once_flag|call_once)[^a-z_]
new: (bad_alloc|align_val_t|nothrow|set_new_handler)[^a-z_]
numbers: numbers::
numeric: (accumulate|iota|inner_product|reduce|transform_reduce|partial_sum|gcd|lcm|midpoint)[(]
optional: (optional<|nullopt|make_optional)
set: (multi)?set[<(]
span: (span<|as_bytes|as_writable_bytes|dynamic_extent)
sstream: (i|o)?stringstream
stdexcept: (runtime_error|logic_error|invalid_argument|out_of_range|length_error)
string: (string[^_a-z]|to_string[(]|stoi[(]|stod[(]|stoll[(]|getline[(])
string_view: string_view
system_error: (error_code|errc|system_error|system_category|generic_category)
thread: (thread[^_a-z]|jthread|this_thread)
tuple: (tuple<|make_tuple|tie[(]|apply[(])
type_traits: (is_same_v|is_base_of_v|is_trivially_copyable_v|is_integral_v|is_floating_point_v|remove_cvref_t|decay_t|conditional_t|enable_if_t|is_const_v|is_enum_v|underlying_type_t|invoke_result_t|is_arithmetic_v|is_unsigned_v|is_signed_v|make_unsigned_t)
typeinfo: type_info
unordered_map: unordered_map<
unordered_set: unordered_set<
utility: (exchange[(]|pair<|make_pair|index_sequence|in_place|piecewise_construct|as_const[(])
variant: (variant<|monostate|visit[(]|get_if<|holds_alternative)
vector: vector<'

# shellcheck disable=SC2016  # awk's own variables
missing() (  # every name used without its header below the folder $1: "file:line: std::name needs <header>"
  cd -- "$1" || exit 1
  find src include cli bench examples tests \( -name '*.h' -o -name '*.cpp' \) ! -path '*/golden/*' -print | LC_ALL=C sort |
    xargs -d '\n' awk -v names="$names" '
      BEGIN {
        rules = split(names, line, "\n")
        for (i = 1; i <= rules; ++i) {
          split(line[i], part, ": ")
          header[i] = part[1]
          pattern[i] = "(^|[^A-Za-z_0-9:])std::" substr(line[i], length(part[1]) + 3)
        }
      }
      FNR == 1 { files[++count] = FILENAME }
      /^#include </ { match($0, /<[^>]*>/); own[FILENAME, substr($0, RSTART + 1, RLENGTH - 2)] = 1 }
      /^#include [<"]/ {
        match($0, /[<"][^">]*/)
        path = substr($0, RSTART + 1, RLENGTH - 1)
        folder = FILENAME
        sub(/[^\/]*$/, "", folder)
        included[FILENAME] = included[FILENAME] "\n" path "\n" folder path
        next
      }
      /std::/ {
        text = $0
        gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
        sub(/\/\/.*/, "", text)
        if (text !~ /std::/) next
        for (i = 1; i <= rules; ++i)
          if (!((FILENAME, header[i]) in needed) && text " " ~ pattern[i]) {
            needed[FILENAME, header[i]] = FNR
            match(text " ", pattern[i])
            name[FILENAME, header[i]] = substr(text " ", RSTART, RLENGTH)
          }
      }
      function brings(file, wanted,    path, paths, n, k) {
        if ((file, wanted) in own) return 1
        if (wanted == "system_error" && ((file, "filesystem") in own || (file, "charconv") in own)) return 1  # they return its types
        if (seen[file] == round) return 0
        seen[file] = round
        n = split(included[file], paths, "\n")
        for (k = 1; k <= n; ++k) {
          path = paths[k]
          if (path == "") continue
          if (("src/" path) in known && brings("src/" path, wanted)) return 1
          if (("include/" path) in known && brings("include/" path, wanted)) return 1
          if (("tests/" path) in known && brings("tests/" path, wanted)) return 1
          if (path in known && brings(path, wanted)) return 1
        }
        return 0
      }
      END {
        for (f = 1; f <= count; ++f) known[files[f]] = 1
        for (f = 1; f <= count; ++f)
          for (i = 1; i <= rules; ++i)
            if ((files[f], header[i]) in needed && !(done[files[f], header[i]]++)) {
              round++
              if (!brings(files[f], header[i])) {
                used = name[files[f], header[i]]
                gsub(/^[^s]*|[^A-Za-z_0-9]*$/, "", used)
                print files[f] ":" needed[files[f], header[i]] ": " used " needs <" header[i] ">"
              }
            }
      }'
)
inside_of_others() (  # every include of a dependency's internals below the folder $1
  cd -- "$1" && { grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include.*/(impl|detail|details|internal)/' src include cli bench examples tests || true; }
)

self_test() {  # a tree in which two of the names come by luck
  local tree
  tree=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf -- '$tree'" RETURN
  mkdir -p -- "$tree"/{src/a,include,cli,bench,examples,tests}
  printf '#include <string>\n' >"$tree/src/a/a.h"
  printf '#include "a/a.h"\n#include <filesystem>\nstd::string s; std::error_code e; double d = std::sqrt(2);\n' >"$tree/src/a/a.cpp"
  printf '// std::vector<int>\nconst char* text = "std::vector<int>"; std::uint8_t byte;\n' >"$tree/cli/b.cpp"
  [[ $(missing "$tree") == $'cli/b.cpp:2: std::uint8_t needs <cstdint>\nsrc/a/a.cpp:3: std::sqrt needs <cmath>' ]] ||
    { echo "headers: the names planted in a made-up tree are not found"; exit 1; }
  printf '#include <toml++/toml.h>\n# include <toml++/impl/unicode.h>\n' >"$tree/cli/c.cpp"
  [[ $(inside_of_others "$tree") == 'cli/c.cpp:2:'* ]] || { echo "headers: the internals planted in a made-up tree are not found"; exit 1; }
}

self_test
found=$(missing "$root")
[[ -z $found ]] || { printf '%s\n' "$found"; exit 1; }
found=$(inside_of_others "$root")
[[ -z $found ]] || { printf '%s: internals of a dependency\n' "$found"; exit 1; }
echo "headers: every name of the standard library comes with its header"
