/* SPDX-License-Identifier: MIT */
/*
 * agents.h - user agents of the samples
 *
 * Those that end in "md/command#" get the command of each call appended.
 */
#ifndef SAMPLEGEN_AGENTS_H
#define SAMPLEGEN_AGENTS_H

#define AGENT_CLI(os, arch, python)                                          \
	"aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/" os " md/arch#" arch    \
	" lang/python#" python " md/pyimpl#CPython cfg/retry-mode#standard " \
	"md/installer#exe md/prompt#off md/command#"

#define AGENT_FIREFOX                                               \
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 " \
	"Firefox/128.0"
#define AGENT_CHROME                                                   \
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/" \
	"537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36"
#define AGENT_EDGE                                                      \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 " \
	"(KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0"
#define AGENT_TERRAFORM                                                      \
	"APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) " \
	"terraform-provider-aws/5.66.0 (+https://registry.terraform.io/"     \
	"providers/hashicorp/aws) aws-sdk-go-v2/1.30.5 ua/2.0 os/linux "     \
	"lang/go#1.22.6 md/GOARCH#amd64 md/GOOS#linux"
#define AGENT_BOTO                                                            \
	"Boto3/1.35.36 md/Botocore#1.35.36 ua/2.0 os/linux#6.8.0-45-generic " \
	"md/arch#x86_64 lang/python#3.12.3 md/pyimpl#CPython "                \
	"cfg/retry-mode#legacy Botocore/1.35.36"
#define AGENT_SSM \
	"aws-sdk-go/1.55.5 (go1.22.7; linux; amd64) amazon-ssm-agent/3.3.551.0"
#define AGENT_PHP                                                     \
	"aws-sdk-php/3.158.6 OS/Linux/5.10.225-213.878.amzn2.x86_64 " \
	"GuzzleHttp/6.5.5 curl/7.79.1 PHP/7.4.33"
#define AGENT_ACTIONS                                                          \
	"aws-sdk-js/3.654.0 ua/2.0 os/linux#6.8.0-1015-azure "                 \
	"lang/js md/nodejs#20.17.0 api/sts#3.654.0 configure-aws-credentials-" \
	"for-github-actions"

#endif /* SAMPLEGEN_AGENTS_H */
