// The values of options as text: how each type is written in TOML, and how a value that a person gave is read into it.
// Not here: which options exist (option_table.h), and the TOML grammar (options_toml.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "ddpg/options.h"

namespace ddpg {

// A value as given, before it is known which type is wanted; monostate is one that no option takes, such as a date.
using RawValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<double>,
                              std::vector<std::string>>;

inline constexpr double kExact = 0x1p53;  // from here on a double stands for more than one whole number

// What a given text is taken for: where several readings are possible the option's type decides.
enum class Reading { any, text, list };

// true, false, 3, 1e6, 1_000, "quoted", [400, 300] or 400,300, and otherwise the text itself.
RawValue raw_from_text(std::string_view text, Reading reading);
// For messages: "the integer 3", "the text \"abc\"".
std::string describe(const RawValue& value);

// The value in TOML syntax. Numbers in the shortest form that reads back as the same number; "" for an enumerator that
// has no name.
std::string to_toml_value(bool value);
std::string to_toml_value(int value);
std::string to_toml_value(std::int64_t value);
std::string to_toml_value(std::uint64_t value);
std::string to_toml_value(double value);
std::string to_toml_value(const std::string& value);
std::string to_toml_value(const Scheduled& value);
std::string to_toml_value(const std::vector<int>& value);
std::string to_toml_value(const std::vector<double>& value);
std::string to_toml_value(const std::vector<std::string>& value);
std::string to_toml_value(const Setting& value);
template <class Enum>
requires std::is_enum_v<Enum> std::string to_toml_value(Enum value);  // option_names.cpp
// A key in TOML syntax: bare where that is possible, quoted otherwise.
std::string to_toml_key(const std::string& key);

// Reads `raw` into `value` and returns ""; or leaves `value` alone and returns what was expected: "an integer".
std::string read_value(const RawValue& raw, bool& value);
std::string read_value(const RawValue& raw, int& value);
std::string read_value(const RawValue& raw, std::int64_t& value);
std::string read_value(const RawValue& raw, std::uint64_t& value);
std::string read_value(const RawValue& raw, double& value);
std::string read_value(const RawValue& raw, std::string& value);
std::string read_value(const RawValue& raw, Scheduled& value);
std::string read_value(const RawValue& raw, std::vector<int>& value);
std::string read_value(const RawValue& raw, std::vector<double>& value);
std::string read_value(const RawValue& raw, std::vector<std::string>& value);
template <class Enum>
requires std::is_enum_v<Enum> std::string read_value(const RawValue& raw, Enum& value);
// A setting of an environment takes whatever is given, but no list of texts.
Setting to_setting(const RawValue& raw);

}  // namespace ddpg
