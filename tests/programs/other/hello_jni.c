/*
 * hello_jni.c: the system calls of hello.java. Java's own library opens files,
 * but hides their descriptors, and has no ioctl.
 *
 * Hello.h is javac's: the prototypes, from the native methods. What the kernel
 * refuses becomes an IOException; the value returned with one isn't looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "Hello.h"

static void throw_errno(JNIEnv *env, const char *what)
{
	jclass class = (*env)->FindClass(env, "java/io/IOException");
	char message[100];

	snprintf(message, sizeof(message), "%s fails: %s", what,
		 strerror(errno));
	if (class)
		(*env)->ThrowNew(env, class, message);
}

static jint request(JNIEnv *env, jint fd, jint number, uintptr_t arg)
{
	int ret = ioctl(fd, (unsigned int)number, arg);
	char what[24];

	if (ret < 0) {
		snprintf(what, sizeof(what), "request 0x%x",
			 (unsigned int)number);
		throw_errno(env, what);
	}
	return ret;
}

JNIEXPORT jint JNICALL Java_Hello_openKvm(JNIEnv *env, jclass class)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	(void)class;
	if (fd < 0)
		throw_errno(env, "opening /dev/kvm");
	return fd;
}

JNIEXPORT jint JNICALL Java_Hello_ioctl(JNIEnv *env, jclass class, jint fd,
					jint number, jlong arg)
{
	(void)class;
	return request(env, fd, number, (uintptr_t)arg);
}

JNIEXPORT jint JNICALL Java_Hello_ioctlBuffer(JNIEnv *env, jclass class,
					      jint fd, jint number,
					      jobject buffer)
{
	void *at = (*env)->GetDirectBufferAddress(env, buffer);

	(void)class;
	return request(env, fd, number, (uintptr_t)at);
}

/* Never unmapped: the guest and the buffer live as long as the program. */
JNIEXPORT jobject JNICALL Java_Hello_mmap(JNIEnv *env, jclass class, jint bytes,
					  jint flags, jint fd)
{
	void *at =
		mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	(void)class;
	if (at == MAP_FAILED) {
		throw_errno(env, "mmap");
		return NULL;
	}
	return (*env)->NewDirectByteBuffer(env, at, bytes);
}

JNIEXPORT jlong JNICALL Java_Hello_addressOf(JNIEnv *env, jclass class,
					     jobject buffer)
{
	void *at = (*env)->GetDirectBufferAddress(env, buffer);

	(void)class;
	return (jlong)(uintptr_t)at;
}
