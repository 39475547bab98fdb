#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdio.h>

int main(void) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size;
    if (!EVP_Digest("text", 4, digest, &size, EVP_sha256(), NULL) || digest[0] != 0x98) return 1;
    if (!SSL_CTX_new(TLS_method())) return 2;
    puts(OpenSSL_version(OPENSSL_VERSION));
}
