#include "support/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "ddpg/error.h"

namespace ddpg {

using Library = nlohmann::ordered_json;
using Strictness = Library::error_handler_t;

// Takes what the parser says, value by value.
class JsonBridge : public nlohmann::json_sax<Library> {
 public:
  Json take() { return std::move(root_); }
  const std::string& error() const { return error_; }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(Library::binary_t&) override { return false; }  // there is none in a text
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& value) override {
    std::get<std::vector<Json::Member>>(open_.back().value_).push_back({std::move(value), {}});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Library::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
    error_ = error.what();
    error_.erase(0, std::min(error_.find("] ") + 2, error_.size()));
    return false;
  }

 private:
  bool add(Json value) {
    if (open_.empty())
      root_ = std::move(value);
    else if (open_.back().is_array())
      open_.back().push_back(std::move(value));
    else
      std::get<std::vector<Json::Member>>(open_.back().value_).back().value = std::move(value);
    return true;
  }
  bool open(Json value) {
    open_.push_back(std::move(value));
    return true;
  }
  bool close() {
    Json value = std::move(open_.back());
    open_.pop_back();
    return add(std::move(value));
  }

  Json root_;
  std::vector<Json> open_;  // arrays and objects whose end has not come yet, the outermost first
  std::string error_;
};

// Writes values. The library sees single numbers and texts alone: its lists and objects take memory in order to go, and
// where there is none left that would end the process of whoever uses us.
class JsonWriter {
 public:
  JsonWriter(bool ascii, Strictness strictness, bool in_lines)
      : ascii_(ascii), in_lines_(in_lines), strictness_(strictness) {}

  std::string text(const Json& json) {
    write(json);
    return std::move(text_);
  }

 private:
  void write(const Json& json) {
    std::visit(
        [this](const auto& value) {
          using Value = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, std::vector<Json>>)
            write_all(value, '[', ']', [this](const Json& element) { write(element); });
          else if constexpr (std::is_same_v<Value, std::vector<Json::Member>>)
            write_all(value, '{', '}', [this](const Json::Member& member) {
              add(member.key);
              text_ += in_lines_ ? ": " : ":";
              write(member.value);
            });
          else
            add(value);
        },
        json.value_);
  }
  void write_all(const auto& parts, char open, char close, const auto& write_one) {
    text_ += open;
    depth_++;
    for (std::size_t i = 0; i < parts.size(); i++) {
      if (i > 0) text_ += ',';
      begin_line();
      write_one(parts[i]);
    }
    depth_--;
    if (!parts.empty()) begin_line();
    text_ += close;
  }
  void begin_line() {
    if (in_lines_) text_.append("\n").append(depth_ * 2, ' ');
  }
  void add(const auto& value) { text_ += Library(value).dump(-1, ' ', ascii_, strictness_); }

  std::string text_;
  std::size_t depth_ = 0;
  bool ascii_, in_lines_;
  Strictness strictness_;
};

namespace {

// Brackets outside of texts. Where the text is no JSON, the parser says so.
bool is_deeper(std::string_view text, int levels) {
  int depth = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (inside && c == '\\') i++;
    if (c == '"') inside = !inside;
    if (inside) continue;
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (depth > levels) return true;
  }
  return false;
}

}  // namespace

Json::Json() = default;
Json::Json(double value) : value_(value) {}
Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(std::initializer_list<Member> members) : value_(std::vector<Member>(members)) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::array() {
  Json json;
  json.value_ = std::vector<Json>();
  return json;
}

Json Json::object() {
  return std::initializer_list<Member>{};
}

Json& Json::operator[](std::string_view key) {
  if (std::holds_alternative<std::nullptr_t>(value_)) value_ = std::vector<Member>();
  if (const Json* found = find(key)) return const_cast<Json&>(*found);
  return std::get<std::vector<Member>>(value_).emplace_back(Member{std::string(key), {}}).value;
}

void Json::push_back(Json element) {
  std::get<std::vector<Json>>(value_).push_back(std::move(element));
}

const char* Json::type_name() const {
  constexpr const char* kNames[] = {"null", "boolean", "number", "number", "number", "string", "array", "object"};
  return kNames[value_.index()];
}

bool Json::is_array() const {
  return std::holds_alternative<std::vector<Json>>(value_);
}

bool Json::is_object() const {
  return std::holds_alternative<std::vector<Member>>(value_);
}

std::size_t Json::size() const {
  return is_object() ? members().size() : elements().size();
}

const bool* Json::boolean() const {
  return std::get_if<bool>(&value_);
}

const std::string* Json::text() const {
  return std::get_if<std::string>(&value_);
}

bool Json::is_number() const {
  return type_name() == std::string_view("number");
}

double Json::number() const {
  if (const auto* const value = std::get_if<double>(&value_)) return *value;
  if (const auto* const value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (const auto* const value = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*value);
  return std::numeric_limits<double>::quiet_NaN();
}

const std::uint64_t* Json::unsigned_number() const {
  return std::get_if<std::uint64_t>(&value_);
}

const Json* Json::find(std::string_view key) const {
  const auto found = std::find_if(members().rbegin(), members().rend(), [&](const Member& m) { return m.key == key; });
  return found == members().rend() ? nullptr : &found->value;
}

const std::vector<Json>& Json::elements() const {
  static const std::vector<Json> none;
  const auto* const elements = std::get_if<std::vector<Json>>(&value_);
  return elements != nullptr ? *elements : none;
}

const std::vector<Json::Member>& Json::members() const {
  static const std::vector<Member> none;
  const auto* const members = std::get_if<std::vector<Member>>(&value_);
  return members != nullptr ? *members : none;
}

std::string Json::dump() const {
  return JsonWriter(false, Strictness::replace, false).text(*this);
}

std::string Json::dump_ascii() const {
  return JsonWriter(true, Strictness::replace, false).text(*this);
}

std::string Json::dump_lines() const {
  return JsonWriter(false, Strictness::replace, true).text(*this) + "\n";
}

std::string Json::dump_or_refuse() const {
  try {
    return JsonWriter(false, Strictness::strict, false).text(*this);
  } catch (const Library::exception&) {
    throw Error("[json] expected texts in UTF-8, found other bytes");
  }
}

Json parse_json(std::string_view text, std::string_view where, int deepest) {
  if (is_deeper(text, deepest))
    throw Error(fmt::format("[{}] expected JSON of at most {} levels, found a deeper one; the file is damaged", where,
                            deepest));
  JsonBridge bridge;
  if (!Library::sax_parse(text, &bridge))
    throw Error(fmt::format("[{}] expected JSON, found something else ({})", where, bridge.error()));
  return bridge.take();
}

const Json& member(const Json& object, const char* key, std::string_view where) {
  if (!object.is_object()) throw Error(fmt::format("[{}] expected a JSON object, found {}", where, object.type_name()));
  const Json* const found = object.find(key);
  if (found == nullptr) throw Error(fmt::format("[{}] expected \"{}\", found no such key", where, key));
  return *found;
}

std::string text_member(const Json& object, const char* key, std::string_view where) {
  const Json& value = member(object, key, where);
  if (value.text() == nullptr)
    throw Error(fmt::format("[{}] {}: expected a text, found {}", where, key, value.type_name()));
  return *value.text();
}

bool flag_member(const Json& object, const char* key, std::string_view where) {
  const Json& value = member(object, key, where);
  if (value.boolean() == nullptr)
    throw Error(fmt::format("[{}] {}: expected true or false, found {}", where, key, value.type_name()));
  return *value.boolean();
}

const std::vector<Json>& list_member(const Json& object, const char* key, std::string_view where) {
  const Json& value = member(object, key, where);
  if (!value.is_array()) throw Error(fmt::format("[{}] {}: expected a list, found {}", where, key, value.type_name()));
  return value.elements();
}

std::int64_t whole_number(const Json& value, std::int64_t most, std::string_view what) {
  const std::uint64_t* const number = value.unsigned_number();
  if (number != nullptr && *number <= static_cast<std::uint64_t>(most)) return static_cast<std::int64_t>(*number);
  throw Error(fmt::format("{}: expected a whole number from 0 to {}, found {}", what, most,
                          value.is_number() ? value.dump() : std::string(value.type_name())));
}

}  // namespace ddpg
