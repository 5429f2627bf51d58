/*
 * Files of raw records: the recorded runs that ship with the tests, and what
 * fuzzers and the replay engine read. JSON Lines, made to be compared and
 * edited by hand: the start, a line per record, the end.
 *
 *   {"record":"kvmtrace-record/1","argv":["./hv"],"engine":"ptrace",…}
 *   {"kind":"ioctl","pid":7,"name":"ioctl","fd":3,"request":"0xae00",…}
 *   {"kind":"end","end_ns":5000,"has_status":true}
 *
 * Keys are the members of the structs in record.h, left out when they hold
 * what record_reset() sets. Times and results are numbers, other 64-bit values
 * hex strings, bytes `hex`. Text is bytes, each one code point from 0x01 to
 * 0xff, because paths and arguments need not be UTF-8. Reading is strict: what
 * it doesn't know or can't hold is an error that names line and key.
 */
#ifndef RECORD_RECORD_FILE_H
#define RECORD_RECORD_FILE_H

#include "base/buffer.h"
#include "record/record.h"

/* Each appends one line. Times above 292 years can't be read back. */
void record_file_write_start(struct buffer *out,
			     const struct record_start *start);
void record_file_write(struct buffer *out, const struct record *record);
void record_file_write_end(struct buffer *out, const struct record_end *end);

struct record_reader;

/*
 * Open a file and read its start. 0; -EBADMSG when it is malformed, another
 * -errno when it can't be read. Also after a failure *ret_reader is set, for
 * record_reader_error(), and has to be closed. The strings of *ret_start live
 * as long as the reader.
 */
int record_reader_open(const char *path, struct record_reader **ret_reader,
		       struct record_start *ret_start);

/*
 * The next record: 1 a record, 0 the end (*ret_end is filled), or -errno as
 * above, with *record in a valid but useless state. The strings of *record
 * live until the next call. An error or the end stays: more calls repeat it.
 */
int record_reader_next(struct record_reader *reader, struct record *record,
		       struct record_end *ret_end);

/* What went wrong last, as a sentence with the line number; "" for nothing. */
const char *record_reader_error(const struct record_reader *reader);

void record_reader_close(struct record_reader *reader);

#endif
