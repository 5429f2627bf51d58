/*
 * fill FILE [ignore]: works, then writes until it can't; with "ignore" the
 * signal of the limit doesn't end it.
 */
#include <signal.h>

#include "hostile.h"

int main(int argc, char **argv)
{
	static char block[1 << 20];
	int fd;

	vm_expect(argc >= 2);
	work();
	if (argc > 2)
		signal(SIGXFSZ, SIG_IGN);
	fd = open(argv[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	vm_expect(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	vm_expect(errno == EFBIG);
	return 0;
}
