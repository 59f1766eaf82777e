/*
 * A PKCS#11 library that hangs or crashes on demand: SoftHSM, with one of its functions replaced.
 *
 *   KILT_TEST_LIBRARY  the library that does the work
 *   KILT_TEST_CALL     the function that misbehaves: C_Initialize, C_Login or C_Sign
 *   KILT_TEST_HOW      hang, crash or exit
 *   KILT_TEST_LOG      a file to which a line is added for each C_Login
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST list;

static void misbehave(const char *call) {
  const char *asked = getenv("KILT_TEST_CALL");
  if (asked == NULL || strcmp(asked, call) != 0) return;
  const char *how = getenv("KILT_TEST_HOW");
  if (strcmp(how, "crash") == 0) abort();
  if (strcmp(how, "exit") == 0) exit(0);
  for (;;) pause();
}

static CK_RV initialize(CK_VOID_PTR arguments) {
  misbehave("C_Initialize");
  return real->C_Initialize(arguments);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  const char *log = getenv("KILT_TEST_LOG");
  FILE *file = log == NULL ? NULL : fopen(log, "a");
  if (file != NULL) {
    fputs("C_Login\n", file);
    fclose(file);
  }
  misbehave("C_Login");
  return real->C_Login(session, user, pin, length);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR signatureLength) {
  misbehave("C_Sign");
  return real->C_Sign(session, data, length, signature, signatureLength);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR answer) {
  void *library = dlopen(getenv("KILT_TEST_LIBRARY"), RTLD_NOW);
  if (library == NULL) return CKR_GENERAL_ERROR;
  CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  CK_RV result = get(&real);
  if (result != CKR_OK) return result;
  list = *real;
  list.C_Initialize = initialize;
  list.C_Login = login;
  list.C_Sign = sign;
  *answer = &list;
  return CKR_OK;
}
