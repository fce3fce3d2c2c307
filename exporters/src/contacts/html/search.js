(()=>{const list=document.getElementById("people");if(!list)return;
const people=[...list.children].map(item=>{const text=fold(item.textContent);return{item,text,digits:text.replace(/[^0-9]/g,"")}});
const field=document.createElement("input");field.type="search";field.className="find";field.placeholder="Search";field.autocomplete="off";
field.setAttribute("aria-label","Search contacts");
const said=document.createElement("p");said.className="muted";said.setAttribute("role","status");
document.querySelector("header.page").append(field,said);
field.addEventListener("input",()=>{const words=fold(field.value).split(/\s+/).filter(Boolean);
const digits=/^[-+()\/.\s0-9]{3,}$/.test(field.value)?field.value.replace(/[^0-9]/g,""):"";let count=0;
for(const{item,text,digits:own}of people){const fits=words.every(word=>text.includes(word))||(digits!==""&&own.includes(digits));item.hidden=!fits;count+=fits}
said.textContent=words.length?(count===1?"1 contact found":count+" contacts found"):""})})();
