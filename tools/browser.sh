#!/bin/sh
# Chromium for the tests of the re-coding page. Quick where there is one; installs Debian's package where it may.
# Where it may not, it says what is missing and the tests of the page fail with the same words: they are never skipped.
for name in ${BWA_STUDY_BROWSER:-chromium chromium-browser google-chrome google-chrome-stable}; do
	command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing chromium for the tests of the page"
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
command -v chromium >/dev/null 2>&1 || echo "no Chromium found: the tests of the page will fail; install the package 'chromium' or name a program with BWA_STUDY_BROWSER"
exit 0
