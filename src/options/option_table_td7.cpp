// The rows of what TD7 added: encoders, assessments. The table: option_table.cpp.
#include "options/option_row.h"

namespace ddpg {

void add_encoder_rows(std::vector<OptionEntry>& table) {
  const auto encoder = &Options::encoder;
  table.push_back(row("encoder.kind", kNoRange,
                      "Embeddings of observation and action, learnt by predicting the next one, which actor and "
                      "critics read beside them; needs hard_update_interval.",
                      "Paper: \"none\". TD7: \"sale\".", encoder, &EncoderOptions::kind));
  table.push_back(row("encoder.hidden", between(1, 65536), "Widths of the hidden layers of both encoders.",
                      "TD7: [256, 256].", encoder, &EncoderOptions::hidden));
  table.push_back(
      row("encoder.size", between(1, 65536), "Numbers in an embedding.", "TD7: 256.", encoder, &EncoderOptions::size));
  table.push_back(row("encoder.activation", kNoRange, "Activation of their hidden layers.", "TD7: \"elu\".", encoder,
                      &EncoderOptions::activation));
  table.push_back(row("encoder.learning_rate", above(0), "Step size of Adam.", "TD7: 3e-4.", encoder,
                      &EncoderOptions::learning_rate));
}

void add_assessment_rows(std::vector<OptionEntry>& table) {
  const auto assessment = &Options::assessment;
  table.push_back(row("assessment.episodes", between(0, 1'000'000),
                      "Most episodes that a policy plays unchanged, to be judged by the worst of them; the best so far "
                      "is the one that is evaluated and saved; 0: off, the newest is.",
                      "Paper: off. TD7: 20.", assessment, &AssessmentOptions::episodes));
  table.push_back(row("assessment.early_episodes", between(1, 1'000'000), "The same before the switch.", "TD7: 1.",
                      assessment, &AssessmentOptions::early_episodes));
  table.push_back(row("assessment.early_updates", at_least(0), "Updates before the switch.", "TD7: 750,000.",
                      assessment, &AssessmentOptions::early_updates));
  table.push_back(row("assessment.reset_weight", between(0, 1),
                      "Factor of the best policy's worst return at the switch.", "TD7: 0.9.", assessment,
                      &AssessmentOptions::reset_weight));
}

}  // namespace ddpg
