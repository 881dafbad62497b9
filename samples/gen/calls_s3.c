/* SPDX-License-Identifier: MIT */
/* S3. The name of the sub-resource is a member without a value. */
#include "gen/calls.h"

#define BUCKET "'bucketName':'${bucket}','Host':'${host}'"
#define XMLNS  "'xmlns':'http://s3.amazonaws.com/doc/2006-03-01/'"

const struct call calls_s3[] = {
	{ .name = "s3:ListBuckets", .request = "{'Host':'${host}'}" },
	{ .name = "s3:ListObjects",
	  .flags = CALL_DATA,
	  .request = "{'list-type':'2'," BUCKET
		     ",'prefix':'${prefix|}','encoding-type':'url'}" },
	{ .name = "s3:HeadBucket", .request = "{" BUCKET "}" },
	{ .name = "s3:HeadObject",
	  .flags = CALL_DATA | CALL_OBJECT,
	  .request = "{" BUCKET ",'key':'${key}'}" },
	{ .name = "s3:GetObject",
	  .flags = CALL_DATA | CALL_OBJECT,
	  .request = "{" BUCKET ",'key':'${key}'}" },
	{ .name = "s3:PutObject",
	  .flags = CALL_DATA | CALL_OBJECT,
	  .request = "{" BUCKET ",'key':'${key}'${acl|}}",
	  .response = "{'x-amz-server-side-encryption':'AES256'}" },
	{ .name = "s3:DeleteObject",
	  .flags = CALL_DATA | CALL_OBJECT,
	  .request = "{" BUCKET ",'key':'${key}'}" },
	{ .name = "s3:DeleteObjects",
	  .flags = CALL_DATA,
	  .request = "{" BUCKET ",'delete':''}" },
	{ .name = "s3:GetBucketAcl", .request = "{" BUCKET ",'acl':''}" },
	{ .name = "s3:GetBucketPolicy", .request = "{" BUCKET ",'policy':''}" },
	{ .name = "s3:GetBucketPolicyStatus",
	  .request = "{" BUCKET ",'policyStatus':''}" },
	{ .name = "s3:GetBucketVersioning",
	  .request = "{" BUCKET ",'versioning':''}" },
	{ .name = "s3:GetBucketLocation",
	  .request = "{'location':''," BUCKET "}" },
	{ .name = "s3:GetBucketTagging",
	  .request = "{'tagging':''," BUCKET "}" },
	{ .name = "s3:GetBucketEncryption",
	  .request = "{" BUCKET ",'encryption':''}" },
	{ .name = "s3:GetBucketPublicAccessBlock",
	  .request = "{'publicAccessBlock':''," BUCKET "}" },
	{ .name = "s3:GetBucketLogging",
	  .request = "{'logging':''," BUCKET "}" },
	{ .name = "s3:CreateBucket",
	  .request = "{'CreateBucketConfiguration':{" XMLNS
		     ",'LocationConstraint':'${region}'}," BUCKET "}" },
	{ .name = "s3:DeleteBucket", .request = "{" BUCKET "}" },
	{ .name = "s3:PutBucketEncryption",
	  .request = "{" BUCKET ",'ServerSideEncryptionConfiguration':{" XMLNS
		     ",'Rule':{'ApplyServerSideEncryptionByDefault':"
		     "{'SSEAlgorithm':'aws:kms'},'BucketKeyEnabled':true}}"
		     ",'encryption':''}" },
	{ .name = "s3:PutBucketVersioning",
	  .request = "{" BUCKET ",'versioning':'',"
		     "'VersioningConfiguration':{" XMLNS
		     ",'Status':'${status|Enabled}'}}" },
	{ .name = "s3:PutBucketPublicAccessBlock",
	  .request = "{'publicAccessBlock':''," BUCKET
		     ",'PublicAccessBlockConfiguration':{" XMLNS
		     ",'RestrictPublicBuckets':${block|true},"
		     "'BlockPublicPolicy':${block|true},'BlockPublicAcls':"
		     "${block|true},'IgnorePublicAcls':${block|true}}}" },
	{ .name = "s3:PutBucketPolicy",
	  .request = "{'bucketPolicy':{'Version':'2012-10-17','Statement':["
		     "${statement}]}," BUCKET ",'policy':''}" },
	{ .name = "s3:PutBucketLifecycle",
	  .request = "{'lifecycle':''," BUCKET
		     ",'LifecycleConfiguration':{" XMLNS
		     ",'Rule':{'Status':'Enabled','Filter':{'Prefix':"
		     "'${prefix|}'},'Expiration':{'Days':${days}},'ID':"
		     "'${rule|expire}'}}}" },
	{ .name = "s3:PutBucketLogging",
	  .request = "{'logging':''," BUCKET ",'BucketLoggingStatus':{" XMLNS
		     "${target|}}}" },
	{ .name = "s3:PutBucketTagging",
	  .request = "{'tagging':''," BUCKET ",'Tagging':{" XMLNS
		     ",'TagSet':{'Tag':{'Key':'${tag}','Value':"
		     "'${value}'}}}}" },
	{ .name = NULL }
};
