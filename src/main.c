/* SPDX-License-Identifier: MIT */
#include <stdio.h>

int main(void)
{
	printf("trawl %s\n", TRAWL_VERSION);
	return 0;
}
