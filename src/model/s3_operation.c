/* SPDX-License-Identifier: MIT */
#include "model/s3_operation.h"

#include "base/attr.h"

static const struct s3_operation operations[] = {
	{ "REST.GET.OBJECT", "GetObject", "read", false, false },
	{ "WEBSITE.GET.OBJECT", "GetObject", "read", false, false },
	{ "REST.HEAD.OBJECT", "HeadObject", "looked for", false, false },
	{ "WEBSITE.HEAD.OBJECT", "HeadObject", "looked for", false, false },
	/* The log of the bucket that is copied from. */
	{ "REST.COPY.OBJECT_GET", "CopyObject", "copied", true, true },
	{ "REST.COPY.PART_GET", "UploadPartCopy", "copied a part of", true,
	  true },
	{ "REST.COPY.OBJECT", "CopyObject", "wrote a copy to", true, false },
	{ "REST.COPY.PART", "UploadPartCopy", "wrote a copied part of", true,
	  false },
	{ "REST.PUT.OBJECT", "PutObject", "wrote", true, false },
	{ "REST.POST.OBJECT", "PostObject", "wrote by a form", true, false },
	{ "REST.POST.UPLOADS", "CreateMultipartUpload", "began to upload", true,
	  false },
	{ "REST.PUT.PART", "UploadPart", "wrote a part of", true, false },
	{ "REST.POST.UPLOAD", "CompleteMultipartUpload", "wrote in parts", true,
	  false },
	{ "REST.DELETE.UPLOAD", "AbortMultipartUpload", "gave up the upload of",
	  true, false },
	{ "REST.PUT.ACL", "PutObjectAcl", "changed the ACL of", true, false },
	{ "REST.DELETE.OBJECT", "DeleteObject", "deleted", true, false },
	{ "REST.POST.MULTI_OBJECT_DELETE", "DeleteObjects",
	  "deleted several objects of", true, false },
	{ "BATCH.DELETE.OBJECT", "DeleteObjects", "deleted with others", true,
	  true },
};

const struct s3_operation *s3_operation_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		if (str_eq(name, str_of(operations[i].name)))
			return &operations[i];
	return NULL;
}
