/* The limit for any forking executor: fork, write to 200 pages of an 8 MB heap, exit, wait.
 * Usage: fork_limit COUNT; prints the seconds it took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEAP = 8 << 20, PAGE = 4096, WRITTEN = 200 };

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1000;
    char *heap = malloc(HEAP);
    struct timespec before, after;
    memset(heap, 1, HEAP);
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int done = 0; done < count; done++) {
        pid_t child = fork();
        if (child < 0) return 1;
        if (child == 0) {
            for (int page = 0; page < WRITTEN; page++) heap[page * 10 * PAGE % HEAP] = 2;
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%f\n", after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) * 1e-9);
    return 0;
}
