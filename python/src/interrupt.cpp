#include "interrupt.h"

#include "module.h"

namespace ddpg::python {
namespace {

std::atomic<std::atomic<bool>*> told = nullptr;
std::atomic<bool> heard = false;
struct sigaction before = {};

extern "C" void on_interrupt(int) {
  if (std::atomic<bool>* stop = told.load()) *stop = true;
  heard = true;
  ::sigaction(SIGINT, &before, nullptr);
}

bool in_main_thread() {
  const nb::object threading = nb::module_::import_("threading");
  return threading.attr("current_thread")().is(threading.attr("main_thread")());
}

}  // namespace

StopOnInterrupt::StopOnInterrupt() {
  if (!in_main_thread() || told.load() != nullptr) return;
  ::sigaction(SIGINT, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  listens_ = true;
  heard = false;
  told = &stop_;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

StopOnInterrupt::~StopOnInterrupt() {
  if (!listens_) return;
  ::sigaction(SIGINT, &before, nullptr);
  told = nullptr;
}

bool StopOnInterrupt::came() const {
  return listens_ && heard;
}

}  // namespace ddpg::python
