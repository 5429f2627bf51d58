/*
 * Which open file a descriptor stands for. KVM descriptors move: by dup,
 * fork, exec, over sockets, and their numbers are used again. An open file
 * (the kernel's "open file description") keeps one id for ever, whatever
 * numbers and processes it is reached by; two of them are told apart with
 * kcmp(2), because all anonymous inodes look alike in /proc.
 *
 * A table belongs to the threads that share it (CLONE_FILES) and is counted.
 * Only KVM's files are in it; others are looked up when asked for.
 */
#ifndef CAPTURE_FILES_H
#define CAPTURE_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/record.h"

struct open_file;
struct file_table;

/* All tables of a trace; the owner of ids. */
struct file_registry {
	struct file_table *tables;
	struct file_link *links;	/* texts of links, each once */
	uint32_t last_id;
};

/* Releases what outlives the tables. */
void file_registry_done(struct file_registry *registry);

struct file_table *file_table_new(struct file_registry *registry, pid_t pid);
struct file_table *file_table_ref(struct file_table *table);
/* What fork does: a table of its own with the same open files. */
struct file_table *file_table_copy(struct file_table *table, pid_t pid);
void file_table_unref(struct file_registry *registry, struct file_table *table);

/* Is the descriptor known as KVM's? Looks at the table only. */
bool file_table_has(const struct file_table *table, int fd);
bool file_table_is_empty(const struct file_table *table);

/*
 * The file behind `fd` of `tid`, asked of the kernel when the table doesn't
 * know it; other than KVM's files have id 0 and a link. A closed descriptor
 * has neither, one that /proc won't tell about has its `error` instead.
 * `link` of a KVM file lives as long as the registry, another one's until the
 * next call.
 */
struct record_file file_table_identify(struct file_registry *registry,
				       struct file_table *table, pid_t tid,
				       int fd);

/* Forget what was known of `fd`, then ask the kernel. For suspicious results. */
struct record_file file_table_verify(struct file_registry *registry,
				     struct file_table *table, pid_t tid,
				     int fd);

/* The program was seen making `fd`; false when it isn't KVM's after all. */
bool file_table_add_made(struct file_registry *registry,
			 struct file_table *table, pid_t tid, int fd,
			 struct record_file *ret_file);

/* `new_fd` is now a copy of `fd`, whatever it was before. */
void file_table_dup(struct file_table *table, int fd, int new_fd);
void file_table_remove(struct file_table *table, int fd);

/* After exec: drop what close-on-exec closed. */
void file_table_prune(struct file_table *table, pid_t tid);

/* Find the KVM descriptors that `tid` has already (attach). */
void file_table_scan(struct file_registry *registry, struct file_table *table,
		     pid_t tid);

/* The index-th KVM descriptor, in order of arrival; -1 behind the last. */
int file_table_fd_at(const struct file_table *table, size_t index);
/* … and the id of its file; 0 behind the last. */
uint32_t file_table_id_at(const struct file_table *table, size_t index);

/* A number that changes whenever what the table holds does. */
uint64_t file_table_changes(const struct file_table *table);

/*
 * The file of this id, looked for in this table first. A file that no table
 * has any more, because it was closed during a call, is its id alone.
 */
struct record_file file_registry_find(const struct file_registry *registry,
				      const struct file_table *table,
				      uint32_t id);

#endif
