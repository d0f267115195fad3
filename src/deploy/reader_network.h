// The sections of a policy file that say what is computed: network, bounds, normalisation, weights.
#pragma once

#include "deploy/cursor.h"
#include "deploy/view.h"

namespace ddpg::deploy {

void read_network(Cursor in, PolicyView& view) noexcept;  // as view.version has it
// The following read as many numbers as the network says.
void read_bounds(Cursor in, PolicyView& view) noexcept;
void read_normaliser(Cursor in, PolicyView& view) noexcept;
void read_weights(Cursor in, PolicyView& view) noexcept;

void expect_finite(Cursor& in, const Floats& values, std::uint64_t count, const char* what) noexcept;
void expect_finite(Cursor& in, const Doubles& values, std::uint64_t count, const char* what) noexcept;

}  // namespace ddpg::deploy
