/*
 * How quick OpenSSL's GOST engine is: prints how often a second it did what was asked, measured over so many seconds.
 *
 *   gost-engine sign|verify <key.pem> <digest> <seconds>     of 32 bytes, hashing included, as Kilt's signer does
 *   gost-engine hash <digest> <seconds>                      bytes a second, a mebibyte at a time
 *
 * OPENSSL_CONF names the engine. What is used of libcrypto is declared here, so that its headers need not be installed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bio BIO;
typedef struct key EVP_PKEY;
typedef struct md EVP_MD;
typedef struct ctx EVP_MD_CTX;

extern int OPENSSL_init_crypto(unsigned long long options, const void *settings);
extern const EVP_MD *EVP_get_digestbyname(const char *name);
extern EVP_MD_CTX *EVP_MD_CTX_new(void);
extern void EVP_MD_CTX_free(EVP_MD_CTX *context);
extern int EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned *size, const EVP_MD *type, void *engine);
extern int EVP_DigestSignInit(EVP_MD_CTX *context, void *key_context, const EVP_MD *type, void *engine, EVP_PKEY *key);
extern int EVP_DigestSign(EVP_MD_CTX *context, unsigned char *signature, size_t *length, const unsigned char *data, size_t count);
extern int EVP_DigestVerifyInit(EVP_MD_CTX *context, void *key_context, const EVP_MD *type, void *engine, EVP_PKEY *key);
extern int EVP_DigestVerify(EVP_MD_CTX *context, const unsigned char *signature, size_t length, const unsigned char *data, size_t count);
extern BIO *BIO_new_file(const char *path, const char *mode);
extern EVP_PKEY *PEM_read_bio_PrivateKey(BIO *bio, EVP_PKEY **key, void *callback, void *argument);

enum { LOAD_CONFIG = 0x40 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int fail(const char *what) {
  fprintf(stderr, "gost-engine: %s\n", what);
  return 1;
}

static int sign(EVP_PKEY *key, const EVP_MD *md, const unsigned char *data, unsigned char *signature, size_t *length) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int ok = EVP_DigestSignInit(context, NULL, md, NULL, key) == 1 && EVP_DigestSign(context, signature, length, data, 32) == 1;
  EVP_MD_CTX_free(context);
  return ok;
}

static int verify(EVP_PKEY *key, const EVP_MD *md, const unsigned char *data, const unsigned char *signature, size_t length) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int ok = EVP_DigestVerifyInit(context, NULL, md, NULL, key) == 1 && EVP_DigestVerify(context, signature, length, data, 32) == 1;
  EVP_MD_CTX_free(context);
  return ok;
}

int main(int count, char **arguments) {
  static unsigned char data[1 << 20];
  unsigned char out[256];
  size_t length = sizeof out;
  double started, seconds, done = 0;

  if (count < 4) return fail("too few arguments");
  if (OPENSSL_init_crypto(LOAD_CONFIG, NULL) != 1) return fail("no configuration");
  const int hashes = strcmp(arguments[1], "hash") == 0;
  const int signs = strcmp(arguments[1], "sign") == 0;
  const EVP_MD *md = EVP_get_digestbyname(arguments[hashes ? 2 : 3]);
  seconds = atof(arguments[hashes ? 3 : 4]);
  if (!md) return fail("no such digest");

  if (hashes) {
    started = now();
    do {
      if (EVP_Digest(data, sizeof data, out, NULL, md, NULL) != 1) return fail("not hashed");
      done += sizeof data;
    } while (now() - started < seconds);
  } else {
    BIO *file = BIO_new_file(arguments[2], "r");
    EVP_PKEY *key = file ? PEM_read_bio_PrivateKey(file, NULL, NULL, NULL) : NULL;
    if (!key) return fail("no key");
    if (!sign(key, md, data, out, &length)) return fail("not signed");
    started = now();
    do {
      size_t room = sizeof out;
      if (!(signs ? sign(key, md, data, out, &room) : verify(key, md, data, out, length))) return fail("failed");
      done += 1;
    } while (now() - started < seconds);
  }
  printf("%f\n", done / (now() - started));
  return 0;
}
