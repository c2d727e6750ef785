// Copies the address of a paragraph when its sign is pressed. Without this the sign is a link to the same address.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  navigator.clipboard.writeText(link.href).then(
    () => { link.classList.add("copied"); setTimeout(() => link.classList.remove("copied"), 1500); },
    () => { location.href = link.href; },
  );
});
