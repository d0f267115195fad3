#include "report/html.h"

#include <fmt/format.h>

#include <cmath>

#include "support/utf8.h"

namespace ddpg {
namespace {

constexpr const char* kReplacement = "\uFFFD";

// The bytes of the code point at the front of `text`; 0 when they are no UTF-8, or nothing that XML allows.
std::size_t code_point_length(std::string_view text) {
  const auto [point, size] = first_character(text);
  const bool control = point < 0x20 ? point != '\n' && point != '\t' : point >= 0x7F && point < 0xA0;
  const bool direction = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
  return control || direction || point == 0xFFFE || point == 0xFFFF ? 0 : size;
}

// Calls `add` with each code point of `text`, and with the replacement character for what is none.
template <typename Add>
void for_each_code_point(std::string_view text, const Add& add) {
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    add(length == 0 ? std::string_view(kReplacement) : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

const char* class_of(const Mark& mark) {
  switch (mark.role) {
    case Role::grid:
      return "grid";
    case Role::axis:
      return "axis";
    case Role::text:
      return "ink";
    case Role::muted:
      return "muted";
    case Role::series:
      return mark.kind == Mark::dot ? "dot" : "line";
    case Role::band:
      return "band";
  }
  return "";
}

std::string coordinates(const std::vector<Point>& points) {
  std::string text;
  for (const Point& p : points) text += fmt::format("{}{:.1f},{:.1f}", text.empty() ? "" : " ", p.x, p.y);
  return text;
}

std::string element(const Mark& mark) {
  const Point& at = mark.points.front();
  const bool coloured = mark.role == Role::series || mark.role == Role::band;
  const std::string kind =
      coloured ? fmt::format("{} k{}", class_of(mark), mark.series % kSeriesColours) : class_of(mark);
  switch (mark.kind) {
    case Mark::dot:
      return fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>\n", kind, at.x, at.y,
                         mark.size);
    case Mark::area:
      return fmt::format("<polygon class=\"{}\" points=\"{}\"/>\n", kind, coordinates(mark.points));
    case Mark::line:
      return fmt::format("<polyline class=\"{}\" stroke-width=\"{:g}\"{} points=\"{}\"/>\n", kind, mark.size,
                         mark.dashed ? " stroke-dasharray=\"6 4\"" : "", coordinates(mark.points));
    case Mark::words:
      break;
  }
  const char* anchor = mark.anchor == Anchor::start ? "start" : mark.anchor == Anchor::middle ? "middle" : "end";
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:g}\" text-anchor=\"{}\">{}</text>\n",
                     kind, at.x, at.y, mark.size, anchor, escaped(mark.text));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for_each_code_point(text, [&](std::string_view point) {
    if (point == "&")
      safe += "&amp;";
    else if (point == "<")
      safe += "&lt;";
    else if (point == ">")
      safe += "&gt;";
    else if (point == "\"")
      safe += "&quot;";
    else if (point == "'")
      safe += "&#39;";
    else
      safe += point;
  });
  return safe;
}

std::string script_text(std::string_view text) {
  std::string safe = "\"";
  for_each_code_point(text, [&](std::string_view point) {
    const char c = point.front();
    const bool special =
        c == '&' || c == '<' || c == '>' || c == '"' || c == '\\' || c == '\'' || static_cast<unsigned char>(c) < 0x20;
    if (special && point.size() == 1)
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      safe += point;
  });
  return safe + "\"";
}

std::string script_numbers(const std::vector<double>& numbers) {
  std::string list;
  for (double number : numbers) {
    if (!list.empty()) list += ',';
    list += std::isfinite(number) ? fmt::format("{:.6g}", number) : "null";
  }
  return "[" + list + "]";
}

std::string html(const Table& table) {
  const auto number = [&](std::size_t i) { return i < table.numeric.size() && table.numeric[i] == 'n'; };
  std::string text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(table.caption) +
                     "\"><table>\n<caption>" + escaped(table.caption) + "</caption>\n<thead><tr>";
  for (std::size_t i = 0; i < table.columns.size(); i++)
    text += fmt::format("<th scope=\"col\"{}>{}</th>", number(i) ? " class=\"n\"" : "", escaped(table.columns[i]));
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); i++) {
      if (i == 0)
        text += fmt::format("<th scope=\"row\">{}</th>", row[i]);
      else
        text += fmt::format("<td{}>{}</td>", number(i) ? " class=\"n\"" : "", row[i]);
    }
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

std::string svg(const Figure& figure, std::string_view label, const std::string& attributes) {
  std::string text = fmt::format(
      "<svg viewBox=\"0 0 {:g} {:g}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\"{}{}>\n",
      figure.width, figure.height, escaped(label), attributes.empty() ? "" : " ", attributes);
  for (const Mark& mark : figure.marks)
    if (!mark.points.empty()) text += element(mark);
  return text + "</svg>\n";
}

}  // namespace ddpg
