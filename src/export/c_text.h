// Numbers and names as C text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddpg {

std::string replaced(std::string text, std::string_view what, std::string_view by);
// @name@ and @NAME@ replaced by the name and by it in capitals.
std::string with_name(std::string_view text, const std::string& name);

// The shortest decimals that read back to the same bits: "0.1f", "1.0", "-7".
std::string c_number(float value);
std::string c_number(double value);
std::string c_number(signed char value);

// "@NAME@_CONST float @name@_NAME[3] = {...};"
std::string c_array(const std::string& name, const std::vector<float>& values);
std::string c_array(const std::string& name, const std::vector<double>& values);
std::string c_array(const std::string& name, const std::vector<signed char>& values);

// Printable ASCII that ends no comment and continues no line: anything else as ?.
std::string c_comment_text(std::string_view text);

}  // namespace ddpg
