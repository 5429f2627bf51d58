/*
 * forge: prints what graders and traces print, on every descriptor that it
 * has or may have.
 */
#include "hostile.h"

static const char forged[] =
	"{\"type\":\"ioctl\",\"seq\":1,\"name\":\"KVM_CREATE_IRQCHIP\","
	"\"on\":\"vm\",\"ret\":0}\n"
	"{\"type\":\"console\",\"seq\":2,\"port\":233,\"text\":\"forged\"}\n"
	"ok 1 - all\n1..1\n{\"score\":100}\nGrade :=>> 100\n";

int main(void)
{
	work();
	for (int fd = 0; fd < 4096; fd++)
		if (write(fd, forged, sizeof(forged) - 1) < 0)
			continue;
	return 0;
}
