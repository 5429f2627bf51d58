/* Structures whose rows are not written yet. */
#include "abi/tables.h"

const struct abi_type abi_type_cpuid = { "cpuid", 0, 0, NULL };
