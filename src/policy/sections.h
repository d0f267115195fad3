// The payloads of a policy file's sections, as they are written; src/deploy/reader.h reads them. Not here: tags,
// lengths, checksums (format.cpp).
#pragma once

#include <vector>

#include "policy/content.h"
#include "support/bytes.h"

namespace ddpg {

void write_provenance(ByteWriter& out, const Provenance& provenance);
void write_network(ByteWriter& out, const NetworkBody& body);
void write_bounds(ByteWriter& out, const Policy::Content& content);
void write_normaliser(ByteWriter& out, const Policy::Content& content);
void write_weights(ByteWriter& out, const std::vector<Tensor>& tensors);
void write_specification(ByteWriter& out, const Policy::Content& content);
void write_checks(ByteWriter& out, const Policy::Content& content);
void write_wrappers(ByteWriter& out, const std::vector<deploy::CarriedWrapper>& wrappers);
void write_model(ByteWriter& out, const std::vector<ModelFile>& files);

}  // namespace ddpg
