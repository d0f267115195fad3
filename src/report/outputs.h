// What a study leaves beside the page: the curves as a table, and the learning curve as a picture for a paper.
#pragma once

#include <string>

#include "report/study.h"

namespace ddpg {

inline constexpr const char* kCurvesHeader = "step,group,seeds,iqm,low,high,mean,std";

/// The learning curves as CSV, in full: one row for each group and step; an empty field where there is no value.
std::string curves_csv(const Study& study);

/// The learning curve of the study's one task as a PNG, with title and legend, on white. Throws UsageError when there
/// are several tasks or nothing was evaluated, Error where ddpg was built without Cairo.
std::string curves_png(const Study& study);

}  // namespace ddpg
