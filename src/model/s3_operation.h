/* SPDX-License-Identifier: MIT */
/*
 * s3_operation.h - what S3's access log calls what CloudTrail calls otherwise
 *
 * The log says what was asked over HTTP and of what (REST.GET.OBJECT), a data
 * event of CloudTrail which API was called (GetObject). Of operations that are
 * no calls of somebody's (S3.EXPIRE.OBJECT), and of those that no data event
 * tells of, nothing is known here.
 *
 * Sources: "Amazon S3 server access log format" and "Amazon S3 CloudTrail
 * events" in the Amazon S3 User Guide.
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_S3_OPERATION_H
#define TRAWL_S3_OPERATION_H

#include <stdbool.h>

#include "base/str.h"

struct s3_operation {
	const char *name;  /* of the log */
	const char *event; /* eventName of its data event */
	const char *done;  /* "read", "wrote", ... an object */
	bool write;        /* the data event is none of those that a trail of
			      reads alone records */
	bool of_another;   /* the line is a part of a request that has a line of
			      its own, and may have another id: an object of
			      DeleteObjects, the source of a copy */
};

/* NULL when it is none. */
const struct s3_operation *s3_operation_find(struct str name);

#endif /* TRAWL_S3_OPERATION_H */
