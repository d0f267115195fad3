// What a process does that plays for the one that learns, and how that one ends it.
#pragma once

#include "group/group.h"

namespace ddpg {

// Makes the environments that process 0 asks for, and plays them as it asks, until it says that it is over. False: it
// is gone.
bool play_for(Group& group);

// Tells all others that it is over, and takes what they still send until each has gone, or for ten seconds.
void send_home(Group& group);

}  // namespace ddpg
