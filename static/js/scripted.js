/* Before anything is drawn: this page has scripts, so what only they can open may start closed. */
document.documentElement.classList.add("js");
