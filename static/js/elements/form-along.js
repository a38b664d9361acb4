// A form with data-along sends what is chosen elsewhere on the page, too, so that the choice is not lost.
document.addEventListener("formdata", (event) => {
  const name = event.target.dataset.along;
  const chosen = name && document.querySelector(`input[name="${name}"]:checked`);
  if (chosen) event.formData.set(name, chosen.value);
}, true);
