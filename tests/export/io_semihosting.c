/* io.h on a Cortex-M without any library: the debugger, here QEMU, opens and reads the files (ARM semihosting). Also what
   stands before main() on such a processor: the vector table and the reset handler. */
#include <stddef.h>

#include "io.h"

int main(void);
extern char stack_top[]; /* cortex_m.ld */

static long call(long operation, const void *argument) {
  register long r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

enum { kOpen = 0x01, kWriteText = 0x04, kRead = 0x06, kExitWithCode = 0x20 };

static long open_file(const char *name, long length) {
  struct {
    const char *name;
    long mode, length;
  } block = {name, 1 /* "rb" */, length};
  return call(kOpen, &block);
}

static int read_file(long file, void *bytes, long size) {
  struct {
    long file;
    void *bytes;
    long size;
  } block = {file, bytes, size};
  return call(kRead, &block) == 0; /* the number of bytes not read */
}

static long observations, actions;

int open_files(void) {
  observations = open_file("observations", 12);
  actions = open_file("actions", 7);
  return observations != -1 && actions != -1;
}

int read_observation(void *bytes, long size) { return read_file(observations, bytes, size); }
int read_action(void *bytes, long size) { return read_file(actions, bytes, size); }

void tell(const char *what, long number) {
  char digits[16], *at = digits + 15;
  *at = 0, *--at = '\n';
  do *--at = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  call(kWriteText, what);
  call(kWriteText, ": ");
  call(kWriteText, at);
}

static void reset(void) {
#if defined(__ARM_FP)
  *(volatile unsigned long *)0xE000ED88 |= 0xFul << 20; /* CPACR: the floating-point unit on */
  __asm__ volatile("dsb\n isb");
#endif
  long block[2] = {0x20026 /* application exit */, main()};
  call(kExitWithCode, block);
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static void *const vectors[2] = {stack_top, (void *)reset};

/* The compiler calls these wherever it likes. */
void *memset(void *to, int value, size_t size) {
  volatile unsigned char *bytes = to;
  while (size-- > 0) *bytes++ = (unsigned char)value;
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  volatile unsigned char *bytes = to;
  const unsigned char *source = from;
  while (size-- > 0) *bytes++ = *source++;
  return to;
}
