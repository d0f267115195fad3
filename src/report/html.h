// Texts as HTML. Names come from files and folders that anybody may have written: what they hold is shown, never
// obeyed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "draw/figure.h"

namespace ddpg {

/// `text` for the content of an element or a quoted attribute: & < > " ' as entities, control characters and what is
/// no UTF-8 as the replacement character. Well-formed in XML too.
std::string escaped(std::string_view text);
/// `text` as a JSON string that may stand in a <script> element.
std::string script_text(std::string_view text);
/// The numbers as a JSON list, six significant digits, null for what is not finite.
std::string script_numbers(const std::vector<double>& numbers);

struct Table {
  std::string caption;
  std::vector<std::string> columns;            ///< texts
  std::vector<std::vector<std::string>> rows;  ///< HTML; the first cell of a row names it
  std::string numeric;                         ///< for each column, 'n' for numbers, another letter for words
};

std::string html(const Table& table);

/// The figure as an inline SVG element. Colours come from the classes that its roles become (page_style.cpp).
/// `attributes` is HTML.
std::string svg(const Figure& figure, std::string_view label, const std::string& attributes = "");

}  // namespace ddpg
