// What the program writes: results to standard output, messages for eyes to standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/json.h"

namespace ddpg::cli {

void print(std::string_view text);             // to standard output, with flush_output()
void print_json(const Json& object);           // likewise, on one line; NaN becomes null
void print_message(std::string_view message);  // "ddpg: message" to standard error
void write_progress(std::string_view text);    // to standard error, as it is but for the commands in it

// How this program is started, for the commands that messages advise: the library writes "ddpg resume RUN", which is
// shown as it is to be typed here, such as "./mine --load tanks.so resume RUN".
void set_command(std::string command);
std::string with_our_command(std::string_view text);

// Writes what was printed. Throws Error when standard output did not take everything.
void flush_output();

// Rows of cells as text with aligned columns, each cell on one line.
std::string table(std::vector<std::vector<std::string>> rows);

// Whether standard error is a terminal on which a line can be rewritten, and how many columns and lines it has.
bool has_live_terminal();
int terminal_width();
int terminal_height();

}  // namespace ddpg::cli
