// Names of groups: the preset, and of the options just those by which groups of the same preset differ. Where a name
// has an option, a group of another preset that departs from its own in it has it too: beside "our-ddpg,
// warmup_steps=1000" a plain "td3" would be read as the preset's 10,000.
#pragma once

#include <string>
#include <vector>

#include "report/study.h"

namespace ddpg {

/// Gives every group of every task a name that no other has.
void name_groups(std::vector<Task>& tasks);

/// The options in which the groups differ, seed and threads left out, in the order of the option table.
std::vector<std::string> differing_options(const std::vector<const RunGroup*>& groups);

}  // namespace ddpg
