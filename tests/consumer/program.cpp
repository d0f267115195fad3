// The installed program as a function.
#include <ddpg/program.h>

int main(int argc, char** argv) {
  return ddpg::program(argc, argv);
}
