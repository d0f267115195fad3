// The payloads of a policy file's sections, each written and read by a pair of functions. Readers throw Error through
// `in` when the payload does not hold exactly what it should; whether the values make a policy is for check.h. Not
// here: tags, lengths, checksums (format.cpp).
#pragma once

#include <string_view>
#include <vector>

#include "policy/content.h"
#include "support/bytes.h"

namespace ddpg {

void write_provenance(ByteWriter& out, const Provenance& provenance);
Provenance read_provenance(ByteReader in);

void write_network(ByteWriter& out, const NetworkShape& shape);
NetworkShape read_network(ByteReader in);

// The following read as many numbers as content.shape says.
void write_bounds(ByteWriter& out, const Policy::Content& content);
void read_bounds(ByteReader in, Policy::Content& content);

void write_normaliser(ByteWriter& out, const Policy::Content& content);
void read_normaliser(ByteReader in, Policy::Content& content);

void write_weights(ByteWriter& out, const std::vector<Tensor>& tensors);
std::vector<Tensor> read_weights(ByteReader in, const NetworkShape& shape, std::string_view where);

}  // namespace ddpg
