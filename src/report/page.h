// A study as one HTML page that needs nothing else: no network, no fonts, no files beside it. Figures are SVG and can
// be read without script; the script adds read-outs and the animation. Not here: the numbers (study.h).
#pragma once

#include <atomic>
#include <string>

#include "report/study.h"

namespace ddpg {

struct PageOptions {
  bool episodes = true;  ///< plays an episode of a policy of each group
  std::string made;      ///< when; "" leaves it out, so that the page is the same to the byte
  const std::atomic<bool>* stop = nullptr;
};

/// Throws Interrupted when `*options.stop` becomes true.
std::string html_page(const Study& study, const PageOptions& options);

/// Whether the text is a page that html_page() made: what may be replaced by another.
bool is_report_page(std::string_view text);

}  // namespace ddpg
