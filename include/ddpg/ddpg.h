// Everything at once.
#pragma once

#include "ddpg/agent.h"
#include "ddpg/data.h"
#include "ddpg/environment.h"
#include "ddpg/error.h"
#include "ddpg/export.h"
#include "ddpg/interrupted.h"
#include "ddpg/observer.h"
#include "ddpg/options.h"
#include "ddpg/picture.h"
#include "ddpg/policy.h"
#include "ddpg/program.h"
#include "ddpg/random.h"
#include "ddpg/train.h"
#include "ddpg/vector_environment.h"
#include "ddpg/video.h"
