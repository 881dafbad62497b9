/* SPDX-License-Identifier: MIT */
/*
 * attr.h - compiler attributes and the few macros everything uses
 *
 * Layer: base. Includes nothing of ours.
 */
#ifndef TRAWL_ATTR_H
#define TRAWL_ATTR_H

#if defined(__GNUC__)
#define ATTR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define ATTR_NODISCARD         __attribute__((warn_unused_result))
#define ATTR_NORETURN          __attribute__((noreturn))
#define ATTR_UNUSED            __attribute__((unused))
#else
#define ATTR_PRINTF(fmt, args)
#define ATTR_NODISCARD
#define ATTR_NORETURN
#define ATTR_UNUSED
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* TRAWL_ATTR_H */
