#include <curl/curl.h>
#include <stdio.h>

int main(void) {
    curl_version_info_data *data = curl_version_info(CURLVERSION_NOW);
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, "file:///proc/self/cmdline");
    if (curl_easy_perform(handle) != CURLE_OK) return 1;
    printf("%s has %s\n", data->version, data->features & CURL_VERSION_LIBZ ? "zlib" : "no zlib");
}
