/* The page's own files, as they are: html_page.c. */
	.macro asset name, file
	.section .rodata
	.globl html_\name\()_start, html_\name\()_end
html_\name\()_start:
	.incbin "tracer/sink/html/\file"
html_\name\()_end:
	.endm

	asset page, page.html
	asset style, page.css
	asset dom, dom.js
	asset store, store.js
	asset words, words.js
	asset filter, filter.js
	asset table, table.js
	asset flow, flow.js
	asset diagram, diagram.js
	asset timeline, timeline.js
	asset guest, guest.js
	asset detail, detail.js
	asset main, main.js

	.section .note.GNU-stack, "", @progbits
