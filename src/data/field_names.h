// What the columns of a log and the arrays of a data set are called, in the spellings that are about. One list, for
// every format.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ddpg {

enum class Field { observation, action, reward, next_observation, terminated, truncated, episode };
inline constexpr int kFields = 7;

// As messages and documents write it: "next_observation".
const char* name_of(Field field);

// "obs_3", "obs[3]", "Observation3" and "s 3" are number 3 of the observation.
struct FieldName {
  Field field = Field::observation;
  int index = -1;  // -1: none
};
std::optional<FieldName> field_name(std::string_view name);

// "" or why a name that is none of a field must not be passed over in silence: it is a field's, misspelt, or says that
// an episode was done without saying how.
std::string why_not_passed_over(std::string_view name);

}  // namespace ddpg
