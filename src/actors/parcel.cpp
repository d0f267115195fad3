// What is taken out of a parcel, and how failures travel: see parcel.h.
#include "actors/parcel.h"

#include <fmt/format.h>

#include <exception>

#include "ddpg/error.h"

namespace ddpg {

std::string_view Unpacking::cut(std::uint64_t size) {
  if (size > rest_.size())
    throw Error(
        fmt::format("[actors] a message is {} bytes short: do all processes run the same ddpg?", size - rest_.size()));
  const std::string_view front = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return front;
}

void pack_failure(Parcel& into) {
  bool wrong_use = false;
  std::string what = "it threw something that is no std::exception";
  try {
    throw;
  } catch (const UsageError& error) {
    wrong_use = true;
    what = error.what();
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
  }
  into.put(wrong_use).put_text(what);
}

Parcel failure() {
  Parcel parcel(Word::failed);
  pack_failure(parcel);
  return parcel;
}

void throw_failure(Unpacking& failed, int from) {
  const bool wrong_use = failed.get<bool>();
  const std::string text = fmt::format("process {}: {}", from, failed.get_text());
  if (wrong_use) throw UsageError(text);
  throw Error(text);
}

}  // namespace ddpg
