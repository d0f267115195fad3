// Between a policy as the training library holds it and as the policy library reads it.
#pragma once

#include <string_view>

#include "deploy/view.h"
#include "policy/content.h"

namespace ddpg {

// What `content` holds, without a copy: valid as long as it lives. Its structure must have been checked. Texts,
// names and settings are left out.
deploy::PolicyView view_of(const Policy::Content& content);

// A copy of all that the view holds.
Policy::Content content_of(const deploy::PolicyView& view);

}  // namespace ddpg
