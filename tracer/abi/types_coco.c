/*
 * Confidential computing and other hypervisors' interfaces: the commands of
 * AMD SEV and Intel TDX behind KVM_MEMORY_ENCRYPT_OP, and Xen's attributes.
 * Buffers of certificates, secrets and guest memory are shown as addresses.
 *
 * Sources: <linux/kvm.h>, <asm/kvm.h>; Documentation/virt/kvm/x86/
 * amd-memory-encryption.rst and intel-tdx.rst; api.rst 4.28, 4.110-4.112,
 * 4.126-4.129; <linux/psp-sev.h> for the firmware's errors.
 */
#include "abi/compat.h"
#include "abi/tables.h"

#define MEMBER(s, kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_##s, member, ##__VA_ARGS__)
#define TYPE(variable, s) \
	static ABI_TYPE(variable, "kvm_" #s, sizeof(struct kvm_##s), s##_fields)

/* Debian 12's header leaves most padding of SEV's structures without a name. */
#define GAP(shown, offset_) ABI_AT(ABI_PAD, shown, offset_, 4)

static const struct abi_field enc_region_fields[] = {
	MEMBER(enc_region, ABI_HVA, addr), MEMBER(enc_region, ABI_HEX, size),
};
ABI_TYPE(abi_type_enc_region, "kvm_enc_region", sizeof(struct kvm_enc_region),
	 enc_region_fields);

/* SEV */

static const struct abi_name sev_commands[] = {
	ABI_NAME(KVM_SEV_INIT), ABI_NAME(KVM_SEV_ES_INIT),
	ABI_NAME(KVM_SEV_LAUNCH_START), ABI_NAME(KVM_SEV_LAUNCH_UPDATE_DATA),
	ABI_NAME(KVM_SEV_LAUNCH_UPDATE_VMSA), ABI_NAME(KVM_SEV_LAUNCH_SECRET),
	ABI_NAME(KVM_SEV_LAUNCH_MEASURE), ABI_NAME(KVM_SEV_LAUNCH_FINISH),
	ABI_NAME(KVM_SEV_SEND_START), ABI_NAME(KVM_SEV_SEND_UPDATE_DATA),
	ABI_NAME(KVM_SEV_SEND_UPDATE_VMSA), ABI_NAME(KVM_SEV_SEND_FINISH),
	ABI_NAME(KVM_SEV_RECEIVE_START), ABI_NAME(KVM_SEV_RECEIVE_UPDATE_DATA),
	ABI_NAME(KVM_SEV_RECEIVE_UPDATE_VMSA), ABI_NAME(KVM_SEV_RECEIVE_FINISH),
	ABI_NAME(KVM_SEV_GUEST_STATUS), ABI_NAME(KVM_SEV_DBG_DECRYPT),
	ABI_NAME(KVM_SEV_DBG_ENCRYPT), ABI_NAME(KVM_SEV_CERT_EXPORT),
	ABI_NAME(KVM_SEV_GET_ATTESTATION_REPORT), ABI_NAME(KVM_SEV_SEND_CANCEL),
	ABI_NUMBER(22, "KVM_SEV_INIT2"),
	ABI_NUMBER(100, "KVM_SEV_SNP_LAUNCH_START"),
	ABI_NUMBER(101, "KVM_SEV_SNP_LAUNCH_UPDATE"),
	ABI_NUMBER(102, "KVM_SEV_SNP_LAUNCH_FINISH"),
	ABI_NUMBER(103, "KVM_SEV_SNP_ENABLE_REQ_CERTS"),
};
static ABI_NAMES(sev_command_names, "KVM_SEV_*", sev_commands);

/* What the security processor answers. */
static const struct abi_name sev_errors[] = {
	ABI_NUMBER(0x00, "SEV_RET_SUCCESS"),
	ABI_NUMBER(0x01, "SEV_RET_INVALID_PLATFORM_STATE"),
	ABI_NUMBER(0x02, "SEV_RET_INVALID_GUEST_STATE"),
	ABI_NUMBER(0x03, "SEV_RET_INAVLID_CONFIG"),
	ABI_NUMBER(0x04, "SEV_RET_INVALID_LEN"),
	ABI_NUMBER(0x05, "SEV_RET_ALREADY_OWNED"),
	ABI_NUMBER(0x06, "SEV_RET_INVALID_CERTIFICATE"),
	ABI_NUMBER(0x07, "SEV_RET_POLICY_FAILURE"),
	ABI_NUMBER(0x08, "SEV_RET_INACTIVE"),
	ABI_NUMBER(0x09, "SEV_RET_INVALID_ADDRESS"),
	ABI_NUMBER(0x0a, "SEV_RET_BAD_SIGNATURE"),
	ABI_NUMBER(0x0b, "SEV_RET_BAD_MEASUREMENT"),
	ABI_NUMBER(0x0c, "SEV_RET_ASID_OWNED"),
	ABI_NUMBER(0x0d, "SEV_RET_INVALID_ASID"),
	ABI_NUMBER(0x0e, "SEV_RET_WBINVD_REQUIRED"),
	ABI_NUMBER(0x0f, "SEV_RET_DFFLUSH_REQUIRED"),
	ABI_NUMBER(0x10, "SEV_RET_INVALID_GUEST"),
	ABI_NUMBER(0x11, "SEV_RET_INVALID_COMMAND"),
	ABI_NUMBER(0x12, "SEV_RET_ACTIVE"),
	ABI_NUMBER(0x13, "SEV_RET_HWSEV_RET_PLATFORM"),
	ABI_NUMBER(0x14, "SEV_RET_HWSEV_RET_UNSAFE"),
	ABI_NUMBER(0x15, "SEV_RET_UNSUPPORTED"),
	ABI_NUMBER(0x16, "SEV_RET_INVALID_PARAM"),
	ABI_NUMBER(0x17, "SEV_RET_RESOURCE_LIMIT"),
	ABI_NUMBER(0x18, "SEV_RET_SECURE_DATA_INVALID"),
	ABI_NUMBER(0xffffffff, "SEV_RET_NO_FW_CALL"),
};
static ABI_NAMES(sev_error_names, "SEV_RET_*", sev_errors);

/* SEV API, GUEST_STATUS */
static const struct abi_name sev_states[] = {
	ABI_NUMBER(0, "UNINIT"), ABI_NUMBER(1, "LAUNCH_UPDATE"),
	ABI_NUMBER(2, "LAUNCH_SECRET"), ABI_NUMBER(3, "RUNNING"),
	ABI_NUMBER(4, "SEND_UPDATE"), ABI_NUMBER(5, "RECEIVE_UPDATE"),
	ABI_NUMBER(6, "SENT"),
};
static ABI_NAMES(sev_state_names, "SEV guest state", sev_states);

static const struct abi_name snp_pages[] = {
	ABI_NAME(KVM_SEV_PAGE_TYPE_INVALID), ABI_NAME(KVM_SEV_SNP_PAGE_TYPE_NORMAL),
	ABI_NAME(KVM_SEV_SNP_PAGE_TYPE_ZERO),
	ABI_NAME(KVM_SEV_SNP_PAGE_TYPE_UNMEASURED),
	ABI_NAME(KVM_SEV_SNP_PAGE_TYPE_SECRETS), ABI_NAME(KVM_SEV_SNP_PAGE_TYPE_CPUID),
};
static ABI_NAMES(snp_page_names, "KVM_SEV_SNP_PAGE_TYPE_*", snp_pages);

static const struct abi_field sev_init_fields[] = {
	MEMBER(sev_init, ABI_FLAGS, vmsa_features,
	       .names = &abi_names_vmsa_features),
	MEMBER(sev_init, ABI_HEX, flags), MEMBER(sev_init, ABI_DEC, ghcb_version),
	MEMBER(sev_init, ABI_PAD, pad1),
	ABI_BLOB(ABI_PAD, struct kvm_sev_init, pad2),
};
TYPE(sev_init, sev_init);

static const struct abi_field sev_launch_start_fields[] = {
	MEMBER(sev_launch_start, ABI_DEC, handle),
	MEMBER(sev_launch_start, ABI_FLAGS, policy,
	       .names = &abi_names_sev_policy),
	MEMBER(sev_launch_start, ABI_HVA, dh_uaddr),
	MEMBER(sev_launch_start, ABI_DEC, dh_len), GAP("pad0", 20),
	MEMBER(sev_launch_start, ABI_HVA, session_uaddr),
	MEMBER(sev_launch_start, ABI_DEC, session_len), GAP("pad1", 36),
};
TYPE(sev_launch_start, sev_launch_start);

static const struct abi_field sev_launch_update_data_fields[] = {
	MEMBER(sev_launch_update_data, ABI_HVA, uaddr),
	MEMBER(sev_launch_update_data, ABI_DEC, len), GAP("pad0", 12),
};
TYPE(sev_launch_update_data, sev_launch_update_data);

/* A header, guest memory and a transport buffer: three structures of one shape */
#define TRANSFER_FIELDS(s)                                                 \
	MEMBER(s, ABI_HVA, hdr_uaddr), MEMBER(s, ABI_DEC, hdr_len),        \
	GAP("pad0", 12), MEMBER(s, ABI_HVA, guest_uaddr),                  \
	MEMBER(s, ABI_DEC, guest_len), GAP("pad1", 28),                    \
	MEMBER(s, ABI_HVA, trans_uaddr), MEMBER(s, ABI_DEC, trans_len),    \
	GAP("pad2", 44)

static const struct abi_field sev_launch_secret_fields[] = {
	TRANSFER_FIELDS(sev_launch_secret),
};
TYPE(sev_launch_secret, sev_launch_secret);

static const struct abi_field sev_send_update_data_fields[] = {
	TRANSFER_FIELDS(sev_send_update_data),
};
TYPE(sev_send_update_data, sev_send_update_data);

static const struct abi_field sev_receive_update_data_fields[] = {
	TRANSFER_FIELDS(sev_receive_update_data),
};
TYPE(sev_receive_update_data, sev_receive_update_data);

static const struct abi_field sev_launch_measure_fields[] = {
	MEMBER(sev_launch_measure, ABI_HVA, uaddr),
	MEMBER(sev_launch_measure, ABI_DEC, len), GAP("pad0", 12),
};
TYPE(sev_launch_measure, sev_launch_measure);

static const struct abi_field sev_guest_status_fields[] = {
	MEMBER(sev_guest_status, ABI_DEC, handle),
	MEMBER(sev_guest_status, ABI_FLAGS, policy,
	       .names = &abi_names_sev_policy),
	MEMBER(sev_guest_status, ABI_ENUM, state, .names = &sev_state_names),
};
TYPE(sev_guest_status, sev_guest_status);

static const struct abi_field sev_dbg_fields[] = {
	MEMBER(sev_dbg, ABI_HVA, src_uaddr), MEMBER(sev_dbg, ABI_HVA, dst_uaddr),
	MEMBER(sev_dbg, ABI_DEC, len), GAP("pad0", 20),
};
TYPE(sev_dbg, sev_dbg);

static const struct abi_field sev_attestation_report_fields[] = {
	ABI_BLOB(ABI_BYTES, struct kvm_sev_attestation_report, mnonce),
	MEMBER(sev_attestation_report, ABI_HVA, uaddr),
	MEMBER(sev_attestation_report, ABI_DEC, len), GAP("pad0", 28),
};
TYPE(sev_attestation_report, sev_attestation_report);

static const struct abi_field sev_send_start_fields[] = {
	MEMBER(sev_send_start, ABI_FLAGS, policy,
	       .names = &abi_names_sev_policy),
	GAP("pad0", 4),
	MEMBER(sev_send_start, ABI_HVA, pdh_cert_uaddr),
	MEMBER(sev_send_start, ABI_DEC, pdh_cert_len), GAP("pad1", 20),
	MEMBER(sev_send_start, ABI_HVA, plat_certs_uaddr),
	MEMBER(sev_send_start, ABI_DEC, plat_certs_len), GAP("pad2", 36),
	MEMBER(sev_send_start, ABI_HVA, amd_certs_uaddr),
	MEMBER(sev_send_start, ABI_DEC, amd_certs_len), GAP("pad3", 52),
	MEMBER(sev_send_start, ABI_HVA, session_uaddr),
	MEMBER(sev_send_start, ABI_DEC, session_len), GAP("pad4", 68),
};
TYPE(sev_send_start, sev_send_start);

static const struct abi_field sev_receive_start_fields[] = {
	MEMBER(sev_receive_start, ABI_DEC, handle),
	MEMBER(sev_receive_start, ABI_FLAGS, policy,
	       .names = &abi_names_sev_policy),
	MEMBER(sev_receive_start, ABI_HVA, pdh_uaddr),
	MEMBER(sev_receive_start, ABI_DEC, pdh_len), GAP("pad0", 20),
	MEMBER(sev_receive_start, ABI_HVA, session_uaddr),
	MEMBER(sev_receive_start, ABI_DEC, session_len), GAP("pad1", 36),
};
TYPE(sev_receive_start, sev_receive_start);

static const struct abi_field sev_snp_launch_start_fields[] = {
	MEMBER(sev_snp_launch_start, ABI_FLAGS, policy,
	       .names = &abi_names_snp_policy),
	ABI_BLOB(ABI_BYTES, struct kvm_sev_snp_launch_start, gosvw),
	MEMBER(sev_snp_launch_start, ABI_HEX, flags),
	ABI_BLOB(ABI_PAD, struct kvm_sev_snp_launch_start, pad0),
	ABI_BLOB(ABI_PAD, struct kvm_sev_snp_launch_start, pad1),
};
TYPE(sev_snp_launch_start, sev_snp_launch_start);

static const struct abi_field sev_snp_launch_update_fields[] = {
	MEMBER(sev_snp_launch_update, ABI_HEX, gfn_start),
	MEMBER(sev_snp_launch_update, ABI_HVA, uaddr),
	MEMBER(sev_snp_launch_update, ABI_HEX, len),
	MEMBER(sev_snp_launch_update, ABI_ENUM, type, .names = &snp_page_names),
	MEMBER(sev_snp_launch_update, ABI_PAD, pad0),
	MEMBER(sev_snp_launch_update, ABI_HEX, flags),
	MEMBER(sev_snp_launch_update, ABI_PAD, pad1),
	ABI_BLOB(ABI_PAD, struct kvm_sev_snp_launch_update, pad2),
};
TYPE(sev_snp_launch_update, sev_snp_launch_update);

static const struct abi_field sev_snp_launch_finish_fields[] = {
	MEMBER(sev_snp_launch_finish, ABI_HVA, id_block_uaddr),
	MEMBER(sev_snp_launch_finish, ABI_HVA, id_auth_uaddr),
	MEMBER(sev_snp_launch_finish, ABI_DEC, id_block_en),
	MEMBER(sev_snp_launch_finish, ABI_DEC, auth_key_en),
	MEMBER(sev_snp_launch_finish, ABI_DEC, vcek_disabled),
	ABI_BLOB(ABI_BYTES, struct kvm_sev_snp_launch_finish, host_data),
	ABI_BLOB(ABI_PAD, struct kvm_sev_snp_launch_finish, pad0),
	MEMBER(sev_snp_launch_finish, ABI_HEX, flags),
	ABI_BLOB(ABI_PAD, struct kvm_sev_snp_launch_finish, pad1),
};
TYPE(sev_snp_launch_finish, sev_snp_launch_finish);

/* Commands that are not listed take no data. */
static const struct abi_arm sev_arms[] = {
	{ KVM_SEV_LAUNCH_START, "launch_start", &sev_launch_start },
	{ KVM_SEV_LAUNCH_UPDATE_DATA, "launch_update_data",
	  &sev_launch_update_data },
	{ KVM_SEV_LAUNCH_SECRET, "launch_secret", &sev_launch_secret },
	{ KVM_SEV_LAUNCH_MEASURE, "launch_measure", &sev_launch_measure },
	{ KVM_SEV_SEND_START, "send_start", &sev_send_start },
	{ KVM_SEV_SEND_UPDATE_DATA, "send_update_data", &sev_send_update_data },
	{ KVM_SEV_RECEIVE_START, "receive_start", &sev_receive_start },
	{ KVM_SEV_RECEIVE_UPDATE_DATA, "receive_update_data",
	  &sev_receive_update_data },
	{ KVM_SEV_GUEST_STATUS, "guest_status", &sev_guest_status },
	{ KVM_SEV_DBG_DECRYPT, "dbg", &sev_dbg },
	{ KVM_SEV_DBG_ENCRYPT, "dbg", &sev_dbg },
	{ KVM_SEV_GET_ATTESTATION_REPORT, "attestation_report",
	  &sev_attestation_report },
	{ 22, "init", &sev_init },
	{ 100, "snp_launch_start", &sev_snp_launch_start },
	{ 101, "snp_launch_update", &sev_snp_launch_update },
	{ 102, "snp_launch_finish", &sev_snp_launch_finish },
};
static ABI_ARMS(sev_union, offsetof(struct kvm_sev_cmd, id), 4, sev_arms, NULL);

static const struct abi_field sev_cmd_fields[] = {
	MEMBER(sev_cmd, ABI_ENUM, id, .names = &sev_command_names),
	GAP("pad0", 4),
	MEMBER(sev_cmd, ABI_POINTED_UNION, data, .arms = &sev_union,
	       .length = { .rule = LENGTH_TYPE }),
	MEMBER(sev_cmd, ABI_ENUM, error, .names = &sev_error_names,
	       .flow = FLOW_OUT),
	MEMBER(sev_cmd, ABI_INT, sev_fd),
};
ABI_TYPE(abi_type_sev_cmd, "kvm_sev_cmd", sizeof(struct kvm_sev_cmd),
	 sev_cmd_fields);

/* TDX */

static const struct abi_name tdx_commands[] = {
	ABI_NUMBER(0, "KVM_TDX_CAPABILITIES"), ABI_NUMBER(1, "KVM_TDX_INIT_VM"),
	ABI_NUMBER(2, "KVM_TDX_INIT_VCPU"),
	ABI_NUMBER(3, "KVM_TDX_INIT_MEM_REGION"),
	ABI_NUMBER(4, "KVM_TDX_FINALIZE_VM"), ABI_NUMBER(5, "KVM_TDX_GET_CPUID"),
};
static ABI_NAMES(tdx_command_names, "KVM_TDX_*", tdx_commands);

static const struct abi_name tdx_flags[] = {
	ABI_NAME(KVM_TDX_MEASURE_MEMORY_REGION),
};
static ABI_NAMES(tdx_flag_names, "KVM_TDX_MEASURE_*", tdx_flags);

#define CAPABILITY(kind_, member, ...) \
	MEMBER(tdx_capabilities, kind_, member, ##__VA_ARGS__)

static const struct abi_field tdx_capabilities_fields[] = {
	CAPABILITY(ABI_FLAGS, supported_attrs, .names = &abi_names_td_attributes,
		   .flow = FLOW_OUT),
	CAPABILITY(ABI_FLAGS, supported_xfam, .names = &abi_names_xfeatures,
		   .flow = FLOW_OUT),
	CAPABILITY(ABI_HEX, kernel_tdvmcallinfo_1_r11, .flow = FLOW_OUT),
	CAPABILITY(ABI_HEX, user_tdvmcallinfo_1_r11, .flow = FLOW_OUT),
	CAPABILITY(ABI_HEX, kernel_tdvmcallinfo_1_r12, .flow = FLOW_OUT),
	CAPABILITY(ABI_HEX, user_tdvmcallinfo_1_r12, .flow = FLOW_OUT),
	ABI_BLOB(ABI_PAD, struct kvm_tdx_capabilities, reserved),
	CAPABILITY(ABI_STRUCT, cpuid, .type = &abi_type_cpuid2),
};
TYPE(tdx_capabilities, tdx_capabilities);

static const struct abi_field tdx_init_vm_fields[] = {
	MEMBER(tdx_init_vm, ABI_FLAGS, attributes,
	       .names = &abi_names_td_attributes),
	MEMBER(tdx_init_vm, ABI_FLAGS, xfam, .names = &abi_names_xfeatures),
	ABI_BLOB(ABI_BYTES, struct kvm_tdx_init_vm, mrconfigid),
	ABI_BLOB(ABI_BYTES, struct kvm_tdx_init_vm, mrowner),
	ABI_BLOB(ABI_BYTES, struct kvm_tdx_init_vm, mrownerconfig),
	ABI_BLOB(ABI_PAD, struct kvm_tdx_init_vm, reserved),
	MEMBER(tdx_init_vm, ABI_STRUCT, cpuid, .type = &abi_type_cpuid2),
};
TYPE(tdx_init_vm, tdx_init_vm);

static const struct abi_field tdx_init_mem_region_fields[] = {
	MEMBER(tdx_init_mem_region, ABI_HVA, source_addr),
	MEMBER(tdx_init_mem_region, ABI_GPA, gpa),
	MEMBER(tdx_init_mem_region, ABI_HEX, nr_pages),
};
TYPE(tdx_init_mem_region, tdx_init_mem_region);

/* Of KVM_TDX_INIT_VCPU `data` is the value of RCX and no pointer. */
static const struct abi_arm tdx_arms[] = {
	{ 0, "capabilities", &tdx_capabilities },
	{ 1, "init_vm", &tdx_init_vm },
	{ 2, NULL, NULL },
	{ 3, "init_mem_region", &tdx_init_mem_region },
	{ 5, "cpuid", &abi_type_cpuid2 },
};
static ABI_ARMS(tdx_union, offsetof(struct kvm_tdx_cmd, id), 4, tdx_arms, NULL);

static const struct abi_field tdx_cmd_fields[] = {
	MEMBER(tdx_cmd, ABI_ENUM, id, .names = &tdx_command_names),
	MEMBER(tdx_cmd, ABI_FLAGS, flags, .names = &tdx_flag_names),
	MEMBER(tdx_cmd, ABI_POINTED_UNION, data, .arms = &tdx_union,
	       .length = { .rule = LENGTH_TYPE }),
	MEMBER(tdx_cmd, ABI_HEX, hw_error, .flow = FLOW_OUT),
};
ABI_TYPE(abi_type_tdx_cmd, "kvm_tdx_cmd", sizeof(struct kvm_tdx_cmd),
	 tdx_cmd_fields);

/* Xen */

#define BLOB_LENGTH(member) \
	{ LENGTH_COUNT, 1, offsetof(struct kvm_xen_hvm_config, member), 4096 }

static const struct abi_field xen_hvm_config_fields[] = {
	MEMBER(xen_hvm_config, ABI_FLAGS, flags,
	       .names = &abi_names_xen_hvm_config),
	MEMBER(xen_hvm_config, ABI_ENUM, msr, .names = &abi_names_msrs),
	/* Pages of code: kvm_xen_write_hypercall_page() in xen.c */
	MEMBER(xen_hvm_config, ABI_POINTED, blob_addr_32, .flow = FLOW_IN,
	       .length = BLOB_LENGTH(blob_size_32)),
	MEMBER(xen_hvm_config, ABI_POINTED, blob_addr_64, .flow = FLOW_IN,
	       .length = BLOB_LENGTH(blob_size_64)),
	MEMBER(xen_hvm_config, ABI_DEC, blob_size_32),
	MEMBER(xen_hvm_config, ABI_DEC, blob_size_64),
	ABI_BLOB(ABI_PAD, struct kvm_xen_hvm_config, pad2),
};
ABI_TYPE(abi_type_xen_hvm_config, "kvm_xen_hvm_config",
	 sizeof(struct kvm_xen_hvm_config), xen_hvm_config_fields);

static const struct abi_name hvm_attrs[] = {
	ABI_NAME(KVM_XEN_ATTR_TYPE_LONG_MODE),
	ABI_NAME(KVM_XEN_ATTR_TYPE_SHARED_INFO),
	ABI_NAME(KVM_XEN_ATTR_TYPE_UPCALL_VECTOR),
	ABI_NAME(KVM_XEN_ATTR_TYPE_EVTCHN),
	ABI_NAME(KVM_XEN_ATTR_TYPE_XEN_VERSION),
	ABI_NAME(KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG),
	ABI_NAME(KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA),
};
static ABI_NAMES(hvm_attr_names, "KVM_XEN_ATTR_TYPE_*", hvm_attrs);

static const struct abi_name vcpu_attrs[] = {
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_VCPU_TIME_INFO),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADDR),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_CURRENT),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_DATA),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADJUST),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_VCPU_ID),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_TIMER),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_UPCALL_VECTOR),
	ABI_NAME(KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA),
};
static ABI_NAMES(vcpu_attr_names, "KVM_XEN_VCPU_ATTR_TYPE_*", vcpu_attrs);

static const struct abi_name evtchn_flags[] = {
	ABI_NAME(KVM_XEN_EVTCHN_DEASSIGN), ABI_NAME(KVM_XEN_EVTCHN_UPDATE),
	ABI_NAME(KVM_XEN_EVTCHN_RESET),
};
static ABI_NAMES(evtchn_flag_names, "KVM_XEN_EVTCHN_*", evtchn_flags);

/* Xen's public/event_channel.h and public/vcpu.h */
static const struct abi_name evtchn_types[] = {
	ABI_NUMBER(0, "EVTCHNSTAT_closed"), ABI_NUMBER(1, "EVTCHNSTAT_unbound"),
	ABI_NUMBER(2, "EVTCHNSTAT_interdomain"), ABI_NUMBER(3, "EVTCHNSTAT_pirq"),
	ABI_NUMBER(4, "EVTCHNSTAT_virq"), ABI_NUMBER(5, "EVTCHNSTAT_ipi"),
};
static ABI_NAMES(evtchn_type_names, "EVTCHNSTAT_*", evtchn_types);

static const struct abi_name runstates[] = {
	ABI_NUMBER(0, "RUNSTATE_running"), ABI_NUMBER(1, "RUNSTATE_runnable"),
	ABI_NUMBER(2, "RUNSTATE_blocked"), ABI_NUMBER(3, "RUNSTATE_offline"),
};
static ABI_NAMES(runstate_names, "RUNSTATE_*", runstates);

/* Union members that are one number. */
#define ONE(variable, kind_, shown, size_, ...)                            \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(kind_, shown, 0, size_, ##__VA_ARGS__),             \
	};                                                                 \
	static ABI_TYPE(variable, shown, size_, variable##_fields)

ONE(long_mode, ABI_DEC, "long_mode", 1);
ONE(vector, ABI_DEC, "vector", 1);
ONE(runstate_update_flag, ABI_DEC, "runstate_update_flag", 1);
ONE(xen_version, ABI_HEX, "xen_version", 4);
ONE(vcpu_id, ABI_DEC, "vcpu_id", 4);
ONE(gpa, ABI_GPA, "gpa", 8);
ONE(hva, ABI_HVA, "hva", 8);
ONE(gfn, ABI_HEX, "gfn", 8);

#define EVTCHN(kind_, member, ...)                                         \
	ABI_PART(kind_, struct kvm_xen_hvm_attr, u, u.evtchn.member,       \
		 #member, ##__VA_ARGS__)
#define DELIVER(kind_, arm, member, ...)                                   \
	ABI_PART(kind_, struct kvm_xen_hvm_attr, u.evtchn.deliver,         \
		 u.evtchn.deliver.arm.member, #member, ##__VA_ARGS__)

static const struct abi_field deliver_port_fields[] = {
	DELIVER(ABI_DEC, port, port), DELIVER(ABI_DEC, port, vcpu),
	DELIVER(ABI_ENUM, port, priority, .names = &abi_names_xen_priorities),
};
static ABI_TYPE(deliver_port, "kvm_xen_hvm_attr.evtchn.deliver.port", 12,
		deliver_port_fields);

static const struct abi_field deliver_eventfd_fields[] = {
	DELIVER(ABI_DEC, eventfd, port), DELIVER(ABI_INT, eventfd, fd),
};
static ABI_TYPE(deliver_eventfd, "kvm_xen_hvm_attr.evtchn.deliver.eventfd", 8,
		deliver_eventfd_fields);

/* Port 0 means an eventfd. */
static const struct abi_arm deliver_arms[] = {
	{ 0, NULL, &deliver_eventfd },
};
static ABI_ARMS(deliver_union, 0, 4, deliver_arms, &deliver_port);

static const struct abi_field deliver_fields[] = {
	ABI_AT(ABI_UNION, "deliver", 0, 16, .arms = &deliver_union),
};
static ABI_TYPE(deliver, "kvm_xen_hvm_attr.evtchn.deliver", 16, deliver_fields);

static const struct abi_field evtchn_fields[] = {
	EVTCHN(ABI_DEC, send_port),
	EVTCHN(ABI_ENUM, type, .names = &evtchn_type_names),
	EVTCHN(ABI_FLAGS, flags, .names = &evtchn_flag_names),
	EVTCHN(ABI_STRUCT, deliver, .type = &deliver),
};
static ABI_TYPE(evtchn, "kvm_xen_hvm_attr.evtchn", 28, evtchn_fields);

static const struct abi_arm hvm_attr_arms[] = {
	{ KVM_XEN_ATTR_TYPE_LONG_MODE, NULL, &long_mode },
	{ KVM_XEN_ATTR_TYPE_SHARED_INFO, "shared_info", &gfn },
	{ KVM_XEN_ATTR_TYPE_UPCALL_VECTOR, NULL, &vector },
	{ KVM_XEN_ATTR_TYPE_EVTCHN, "evtchn", &evtchn },
	{ KVM_XEN_ATTR_TYPE_XEN_VERSION, NULL, &xen_version },
	{ KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG, NULL, &runstate_update_flag },
	{ KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA, "shared_info", &hva },
};
static ABI_ARMS(hvm_attr_union, 0, 2, hvm_attr_arms, NULL);

#define RUNSTATE(kind_, member, ...)                                       \
	ABI_PART(kind_, struct kvm_xen_vcpu_attr, u, u.runstate.member,    \
		 #member, ##__VA_ARGS__)

static const struct abi_field runstate_fields[] = {
	RUNSTATE(ABI_ENUM, state, .names = &runstate_names),
	RUNSTATE(ABI_HEX, state_entry_time), RUNSTATE(ABI_HEX, time_running),
	RUNSTATE(ABI_HEX, time_runnable), RUNSTATE(ABI_HEX, time_blocked),
	RUNSTATE(ABI_HEX, time_offline),
};
static ABI_TYPE(runstate, "kvm_xen_vcpu_attr.runstate", 48, runstate_fields);

static const struct abi_field timer_fields[] = {
	ABI_AT(ABI_DEC, "port", 0, 4),
	ABI_AT(ABI_ENUM, "priority", 4, 4, .names = &abi_names_xen_priorities),
	ABI_AT(ABI_HEX, "expires_ns", 8, 8),
};
static ABI_TYPE(timer, "kvm_xen_vcpu_attr.timer", 16, timer_fields);

static const struct abi_arm vcpu_attr_arms[] = {
	{ KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO, NULL, &gpa },
	{ KVM_XEN_VCPU_ATTR_TYPE_VCPU_TIME_INFO, NULL, &gpa },
	{ KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADDR, NULL, &gpa },
	{ KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_CURRENT, "runstate", &runstate },
	{ KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_DATA, "runstate", &runstate },
	{ KVM_XEN_VCPU_ATTR_TYPE_RUNSTATE_ADJUST, "runstate", &runstate },
	{ KVM_XEN_VCPU_ATTR_TYPE_VCPU_ID, NULL, &vcpu_id },
	{ KVM_XEN_VCPU_ATTR_TYPE_TIMER, "timer", &timer },
	{ KVM_XEN_VCPU_ATTR_TYPE_UPCALL_VECTOR, NULL, &vector },
	{ KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA, NULL, &hva },
};
static ABI_ARMS(vcpu_attr_union, 0, 2, vcpu_attr_arms, NULL);

/* To set, and to get: then only the type means something on the way in. */
#define XEN_ATTR(variable, s, names_, arms_, ...)                          \
	static const struct abi_field variable##_fields[] = {              \
		MEMBER(s, ABI_ENUM, type, .names = &names_),               \
		ABI_BLOB(ABI_PAD, struct kvm_##s, pad),                    \
		MEMBER(s, ABI_UNION, u, .arms = &arms_, ##__VA_ARGS__),    \
	};                                                                 \
	ABI_TYPE(variable, "kvm_" #s, sizeof(struct kvm_##s),              \
		 variable##_fields)

XEN_ATTR(abi_type_xen_hvm_attr, xen_hvm_attr, hvm_attr_names, hvm_attr_union);
XEN_ATTR(abi_type_xen_hvm_attr_get, xen_hvm_attr, hvm_attr_names,
	 hvm_attr_union, .flow = FLOW_OUT);
XEN_ATTR(abi_type_xen_vcpu_attr, xen_vcpu_attr, vcpu_attr_names,
	 vcpu_attr_union);
XEN_ATTR(abi_type_xen_vcpu_attr_get, xen_vcpu_attr, vcpu_attr_names,
	 vcpu_attr_union, .flow = FLOW_OUT);
