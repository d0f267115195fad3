#include "export/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "ddpg/error.h"
#include "export/c_header.h"
#include "support/shown.h"

namespace ddpg {
namespace {

constexpr std::size_t kColumns = 118;

template <class Number>
std::string array_of(const char* type, const std::string& name, const std::vector<Number>& values) {
  std::string text = fmt::format("@NAME@_CONST {} @name@_{}[{}] = {{", type, name, values.size());
  std::size_t begin = 0;  // of the line
  for (std::size_t i = 0; i < values.size(); i++) {
    const std::string number = c_number(values[i]);
    if (i == 0 || text.size() - begin + number.size() + 2 > kColumns) {
      text += "\n ";
      begin = text.size() - 1;
    }
    text += " " + number + (i + 1 < values.size() ? "," : "");
  }
  return text + "};\n";
}

bool starts_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool continues_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string with_name(std::string_view text, const std::string& name) {
  std::string capitals = name;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return replaced(replaced(std::string(text), "@name@", name), "@NAME@", capitals);
}

std::string c_number(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string c_number(float value) {
  const std::string text = fmt::format("{}", value);
  return (text.find_first_of(".e") == std::string::npos ? text + ".0" : text) + "f";
}

std::string c_number(signed char value) {
  return std::to_string(value);
}

std::string c_array(const std::string& name, const std::vector<float>& values) {
  return array_of("float", name, values);
}
std::string c_array(const std::string& name, const std::vector<double>& values) {
  return array_of("double", name, values);
}
std::string c_array(const std::string& name, const std::vector<signed char>& values) {
  return array_of("signed char", name, values);
}

std::string c_comment_text(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (c < ' ' || c > '~' || c == '\\' || c == '?') c = '?';
  }
  std::size_t at = 0;
  while ((at = clean.find("??", at)) != std::string::npos) clean.replace(at, 2, "? ");  // no trigraph
  return clean;
}

std::string c_name(std::string_view stem) {
  std::string name(stem);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !continues_name(c); }, '_');
  name.erase(0, name.find_first_not_of('_'));
  if (name.empty()) return "policy";
  return starts_name(name[0]) ? name : "policy_" + name;
}

void check_c_name(const std::string& name) {
  if (!name.empty() && starts_name(name[0]) && std::all_of(name.begin(), name.end(), continues_name)) return;
  throw UsageError(
      fmt::format("[export] name: expected a C identifier that begins with a letter, such as {}, found \"{}\"",
                  c_name(name), shown(name)));
}

}  // namespace ddpg
