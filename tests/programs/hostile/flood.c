/* flood: works, then prints without end. */
#include "hostile.h"

int main(void)
{
	static char line[1 << 16];

	work();
	memset(line, 'y', sizeof(line));
	while (write(STDOUT_FILENO, line, sizeof(line)) > 0)
		if (write(STDERR_FILENO, line, sizeof(line)) < 0)
			break;
	return 0;
}
