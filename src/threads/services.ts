/** Numbers of the services of the VM thread that the substrate itself defines; a guest's begin at FIRST_GUEST_SERVICE. */

/** Compile the function of a slot: (slot). Leaves 0 in CARRIER_REQUEST_ARGS if the function wants to be prepared first, else 1. */
export const SERVICE_COMPILE = 1;
/** Go on with the innermost service of the thread after an upcall or a wait: (1 if the upcall threw, else 0). */
export const SERVICE_CONTINUE = 2;
/** Throw what a host function described: the text is at CARRIER_PENDING. */
export const SERVICE_THROW_PENDING = 3;
/** The guest prepares the function of a slot before it is compiled: (slot). Registered by the guest. */
export const SERVICE_PREPARE = 4;
/** Throw the trap of a kind: (index in TRAP_KINDS); its operands are the first two values of the transfer area. See src/vm/guest-vm.ts. */
export const SERVICE_TRAP = 5;
export const FIRST_GUEST_SERVICE = 16;
