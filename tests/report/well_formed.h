// Whether a page is well-formed: every element closed in its order, attributes quoted, no bare < or &. Plain enough to
// be read; the browser's own word is tests/report_browser.sh.
#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace ddpg::testing {

// "" or what is wrong, with what stands there.
inline std::string not_well_formed(std::string_view page) {
  std::vector<std::string> open;
  const auto wrong = [&](const char* what, std::size_t at) {
    return std::string(what) + ": " + std::string(page.substr(at, 80));
  };
  for (std::size_t i = 0; i < page.size();) {
    if (page[i] == '&') {
      const std::size_t end = page.find(';', i);
      if (end == std::string_view::npos || end - i > 8) return wrong("a bare &", i);
      i = end + 1;
    } else if (page.substr(i, 9) == "<!DOCTYPE") {
      i = page.find('>', i) + 1;
    } else if (page.substr(i, 9) == "<![CDATA[") {
      const std::size_t end = page.find("]]>", i);
      if (end == std::string_view::npos) return wrong("CDATA without end", i);
      i = end + 3;
    } else if (page[i] == '<') {
      const std::size_t begin = i;
      const bool closing = page.substr(i, 2) == "</";
      i += closing ? 2 : 1;
      std::string name;
      while (i < page.size() && (std::isalnum(static_cast<unsigned char>(page[i])) != 0)) name += page[i++];
      if (name.empty()) return wrong("a bare <", begin);
      bool quoted = false;
      for (; i < page.size() && (quoted || page[i] != '>'); i++) {
        if (page[i] == '"') quoted = !quoted;
        if (page[i] == '<') return wrong("< within a tag", begin);
        if (!quoted && page[i] == '=' && page.substr(i + 1, 1) != "\"")
          return wrong("an attribute without quotes", begin);
      }
      if (i == page.size()) return wrong("a tag without end", begin);
      const bool empty = page[i - 1] == '/';
      i++;
      if (closing) {
        if (open.empty() || open.back() != name) return wrong("closed out of order", begin);
        open.pop_back();
      } else if (!empty) {
        open.push_back(name);
      }
    } else {
      i++;
    }
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace ddpg::testing
