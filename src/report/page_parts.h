// The parts of a page, each HTML.
#pragma once

#include <atomic>
#include <string>

#include "report/study.h"

namespace ddpg {

std::string learning_section(const Task& task);                                // page_charts.cpp
std::string scores_section(const Task& task);                                  // page_charts.cpp
std::string diagnostic_section(const Task& task);                              // page_charts.cpp
std::string episode_section(const Task& task, const std::atomic<bool>* stop);  // page_episodes.cpp
std::string options_section(const Task& task);                                 // page_tables.cpp
std::string runs_section(const Study& study);                                  // page_tables.cpp
std::string machines_section(const Study& study);                              // page_tables.cpp
std::string methods_section();                                                 // page_tables.cpp

const char* page_style();   // page_style.cpp
const char* page_script();  // page_script.cpp

/// An id that no other task has: letters and digits of its name.
std::string id_of(const char* part, const Task& task);
/// A heading with an id to link to, and what follows.
std::string section(const std::string& id, const std::string& title, const std::string& body);
/// What the score of a run is, where it is more than one test: "mean of the last 10 tests".
std::string last_tests(const Task& task);
/// A small square in the colour of the group, before its name.
std::string group_name(const Task& task, const RunGroup& group);

}  // namespace ddpg
