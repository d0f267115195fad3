// JSON as a value: made here to be written, or read from what somebody else may have written. What is read is
// untrusted: texts are bounded where they are read (read_file), nesting is bounded here, and each value is checked
// before it is used, with errors in our words. The library that parses and prints it is slow to compile, so it is seen
// by json.cpp alone.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace ddpg {

class Json {
 public:
  struct Member;

  Json();  // null
  Json(std::nullptr_t) : Json() {}
  Json(double value);
  template <std::integral T>
  Json(T value) : value_(static_cast<Kept<T>>(value)) {}
  Json(std::string text);
  Json(std::string_view text) : Json(std::string(text)) {}
  Json(const char* text) : Json(std::string(text)) {}
  Json(std::initializer_list<Member> members);  // an object
  template <class T>
  Json(const std::vector<T>& elements) : Json(array()) {
    for (const T& element : elements) push_back(element);
  }
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();
  static Json array();
  static Json object();

  // To be filled: the value of `key`, added where there is none; a null becomes an object.
  Json& operator[](std::string_view key);
  void push_back(Json element);  // to an array

  const char* type_name() const;
  bool is_array() const;
  bool is_object() const;
  std::size_t size() const;  // members or elements; 0 of anything else
  // What it is, or nullptr where it is something else.
  const bool* boolean() const;
  const std::string* text() const;
  // The number that it is as a double; NaN where it is no number, which no number of a JSON text is.
  double number() const;
  bool is_number() const;
  // The whole number from 0 to 2^64 - 1 that it is, or nullptr.
  const std::uint64_t* unsigned_number() const;
  // The value of `key`, the last where there are several; nullptr where there is none, or no object.
  const Json* find(std::string_view key) const;
  // Those of an array, or of an object in the order of the text; none of anything else.
  const std::vector<Json>& elements() const;
  const std::vector<Member>& members() const;

  // On one line. NaN and infinity become null, and what is no UTF-8 is replaced.
  std::string dump() const;
  std::string dump_ascii() const;      // likewise, the other letters as \u....
  std::string dump_lines() const;      // likewise, indented, with a newline at the end: as a file
  std::string dump_or_refuse() const;  // on one line; throws Error where a text is no UTF-8

 private:
  template <class T>
  using Kept = std::conditional_t<std::same_as<T, bool>, bool,
                                  std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>>;
  friend class JsonBridge;
  friend class JsonWriter;

  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, std::vector<Json>,
               std::vector<Member>>
      value_;
};

struct Json::Member {
  std::string key;
  Json value;
};

/// The document in `text`, lists and objects in each other at most `deepest` levels, its keys in the order of the text;
/// one that stands twice is there twice. Throws Error "[where] ..." when it is no JSON, or deeper: who follows it down
/// would run out of stack.
Json parse_json(std::string_view text, std::string_view where, int deepest = 32);

/// The value of `key`. Throws Error "[where] ..." when `object` is no object or has no such key.
const Json& member(const Json& object, const char* key, std::string_view where);
/// The text under `key`; throws Error "[where] ..." when there is none.
std::string text_member(const Json& object, const char* key, std::string_view where);
/// true or false, likewise; or the elements of a list.
bool flag_member(const Json& object, const char* key, std::string_view where);
const std::vector<Json>& list_member(const Json& object, const char* key, std::string_view where);

/// The whole number from 0 to `most` that `value` is; throws Error beginning with `what` when it is anything else.
std::int64_t whole_number(const Json& value, std::int64_t most, std::string_view what);

}  // namespace ddpg
