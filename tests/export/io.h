/* What compare.c needs of the world: a file `observations`, a file `actions`, and a line of text. */
#ifndef IO_H
#define IO_H

int open_files(void);
int read_observation(void* bytes, long size); /* whether there was a whole one */
int read_action(void* bytes, long size);
void tell(const char* what, long number);

#endif
