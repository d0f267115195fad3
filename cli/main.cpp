// The program `ddpg`. One of your own has the same line, behind the environments that it registers.
#include <ddpg/program.h>

int main(int argc, char** argv) {
  return ddpg::program(argc, argv);
}
